import { NextResponse } from "next/server";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** Lets a request pass that says who asks. */
export function withUser(handler: Handler): Handler {
  return async (request, context) => {
    if (!request.headers.get("authorization")) {
      return NextResponse.json({ error: "who are you?" }, { status: 401 });
    }
    return handler(request, context);
  };
}
