/** What a new document starts with. */
export const EXAMPLE = `# One or more Kubernetes objects, separated by ---
# Edit this, then press Apply. For example, a second web server:
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: nginx
          ports:
            - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector: { app: web }   # the labels of the pods it sends to
  ports:
    - port: 80
`;
