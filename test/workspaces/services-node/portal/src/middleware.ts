import { type NextRequest, NextResponse } from "next/server";

export function middleware(request: NextRequest) {
  const response = NextResponse.next();
  response.headers.set("x-path", request.nextUrl.pathname);
  return response;
}

export const config = { matcher: ["/api/orders/:path*", "/((?!api|_next).*)"] };
