export default async function root(app) {
  app.get("/", async () => ({ service: "stock" }));
}
