/** What each scenario of public/scenarios says of itself, by name; read when the page is built. */
declare module "virtual:scenario-descriptions" {
  const descriptions: Readonly<Record<string, string>>;
  export default descriptions;
}
