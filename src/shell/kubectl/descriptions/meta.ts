/** What the fields mean that many kinds have. Our own words; `!` marks what must be given. */
export const META = `
*.apiVersion  The version of the API that this object is written in: group and version.
*.kind  What sort of object this is.
*.metadata  Name, labels and whatever else every object carries.
*.spec  What is wanted.
*.status  What is, as the controllers have found it.

v1.ObjectMeta  What every object carries, whatever it is.
  name  Its name. No other object of its kind in the namespace has it, and it never changes.
  generateName  The beginning of a name whose end the server makes up.
  namespace  Where it lives. Kinds that belong to the whole cluster have none.
  selfLink  Not used any more.
  uid  A number that no other object has ever had, also not one of the same name.
  resourceVersion  Changes with every change of the object. Sent back with an update, it tells whether somebody else was faster.
  generation  Counts changes of what is wanted, not of the status.
  creationTimestamp  When the server made it.
  deletionTimestamp  When it was asked to go. It stays until its finalizers and its grace period are over.
  deletionGracePeriodSeconds  How long it may take to go.
  labels  Names and values to select it by: Services and workloads find their pods so.
  annotations  Names and values that nobody selects by: notes, and settings of tools.
  ownerReferences  The objects it belongs to. When the last of them goes, so does it.
  finalizers  Names of those who have something to do before it may go.
  managedFields  Who has set which field, for server-side apply.

v1.OwnerReference  An object that another one belongs to.
  apiVersion!  The owner's API version.
  kind!  The owner's kind.
  name!  The owner's name.
  uid!  The owner's uid: another object of the same name is not meant.
  controller  Whether this owner manages the object. There is at most one such.
  blockOwnerDeletion  Whether the owner waits for this object when it goes in the foreground.

v1.ObjectReference  Names another object.
  kind  Its kind.
  namespace  Its namespace.
  name  Its name.
  uid  Its uid.

v1.LabelSelector  Selects objects by their labels: all that is asked for must hold.
  matchLabels  Labels that must be there with just these values.
  matchExpressions  Requirements that are more than an equal value.

v1.LabelSelectorRequirement  One requirement on one label.
  key!  The label's name.
  operator!  In, NotIn, Exists or DoesNotExist.
  values  The values that In and NotIn are about.
`;
