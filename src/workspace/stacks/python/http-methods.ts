import type { HttpMethod } from "../../ir/route.ts";

/** Methods of HTTP by the names that functions and decorators of web frameworks have for them. */
export const METHODS: Readonly<Record<string, HttpMethod>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  head: "HEAD",
  options: "OPTIONS",
};
