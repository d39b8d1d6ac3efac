import fp from "fastify-plugin";

/** Puts `authenticate` and `requireRole` on the instance for everybody. */
export default fp(async function auth(app) {
  app.decorate("authenticate", async (request, reply) => {
    if (!request.headers.authorization) return reply.code(401).send({ error: "who are you?" });
  });

  app.decorate("requireRole", (role) => async (request, reply) => {
    if (request.headers["x-role"] !== role) return reply.code(403).send({ error: `needs ${role}` });
  });
});
