import { openGallery } from "./gallery-server.ts";

const gallery = await openGallery(Number(process.env.PORT ?? 4170));
console.log(`Gallery on ${gallery.origin} (Ctrl+C ends it)`);
