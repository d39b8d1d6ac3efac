/** In a private folder: no route. */
export async function GET() {
  return new Response();
}
