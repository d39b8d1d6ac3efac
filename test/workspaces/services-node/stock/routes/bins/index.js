import { Type } from "@sinclair/typebox";

const Bin = Type.Object({
  code: Type.String({ minLength: 1 }),
  aisle: Type.Integer(),
  note: Type.Optional(Type.String()),
});

export default async function bins(app) {
  app.get(
    "/",
    { schema: { querystring: Type.Object({ aisle: Type.Optional(Type.Integer()) }), response: { 200: Type.Array(Bin) } } },
    async () => [],
  );

  app.post("/", { schema: { body: Bin, response: { 201: Bin } } }, async (request, reply) =>
    reply.code(201).send(request.body),
  );
}
