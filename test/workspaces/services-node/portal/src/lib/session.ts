export async function getSession(request: Request): Promise<{ readonly user: string } | null> {
  const user = request.headers.get("x-user");
  return user === null ? null : { user };
}
