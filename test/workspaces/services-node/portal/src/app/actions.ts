"use server";

export async function rename(name: string): Promise<string> {
  return name.trim();
}
