/** A small shop as a release tool writes it: a comment on top, markers, three kinds, probes, unmodelled fields. */
export const SHOP = `# Written by a release tool.
# ---- start ----
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
  labels: { app: frontend }
spec:
  selector:
    matchLabels:
      app: frontend
  template:
    metadata:
      labels:
        app: frontend
      annotations:
        example.com/rewrite: "true"
    spec:
      serviceAccountName: frontend
      securityContext: { fsGroup: 1000, runAsNonRoot: true }
      containers:
        - name: server
          image: registry.example.com/shop/frontend:v1
          ports:
          - containerPort: 8080
          readinessProbe:
            initialDelaySeconds: 10
            httpGet:
              path: "/_healthz"
              port: 8080
              httpHeaders:
              - name: "Cookie"
                value: "session=probe"
          env:
          - name: PORT
            value: "8080"
          resources:
            requests: { cpu: 100m, memory: 64Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: frontend-external
spec:
  type: LoadBalancer
  selector:
    app: frontend
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: cart
spec:
  selector:
    app: cart
  ports:
  - name: grpc
    port: 7070
    targetPort: 7070
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  selector:
    matchLabels:
      app: cart
  template:
    metadata:
      labels:
        app: cart
    spec:
      terminationGracePeriodSeconds: 5
      containers:
      - name: server
        image: registry.example.com/shop/cart:v1
        ports:
        - containerPort: 7070
        readinessProbe:
          grpc:
            port: 7070
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: frontend
# ---- end ----
`;
