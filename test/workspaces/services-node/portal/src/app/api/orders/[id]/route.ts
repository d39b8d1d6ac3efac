import { NextResponse } from "next/server";

async function answer(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  return NextResponse.json({ id: (await params).id });
}

export { answer as GET, answer as PATCH };
