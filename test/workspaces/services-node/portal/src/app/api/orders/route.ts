import { NextResponse } from "next/server";
import * as z from "zod";
import { getSession } from "@/lib/session";
import { withUser } from "@/lib/with-user";

const Order = z.object({ sku: z.string(), quantity: z.number().int(), note: z.string().optional() });

export async function GET(request: Request) {
  const session = await getSession(request);
  if (!session) return new Response("Unauthorized", { status: 401 });
  return NextResponse.json([]);
}

export const POST = withUser(async (request) => {
  const body = await request.json();
  const order = Order.parse(body);
  return NextResponse.json(order, { status: 201 });
});
