export default async function hooks(app) {
  app.addHook("onRequest", app.authenticate);
}
