import { SetMetadata } from "@nestjs/common";

export const IS_PUBLIC = "isPublic";

/** Open to everybody, with or without a token. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
