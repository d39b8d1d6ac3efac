import { alembicStack } from "./alembic/stack.ts";
import { djangoStack } from "./django/stack.ts";
import { drizzleStack } from "./drizzle/drizzle.ts";
import { expressStack } from "./express/express.ts";
import { fastapiStack } from "./fastapi/stack.ts";
import { flaskStack } from "./flask/stack.ts";
import { prismaStack } from "./prisma/prisma.ts";
import { sqlStack } from "./sql/stack.ts";
import { sqlalchemyStack } from "./sqlalchemy/stack.ts";
import type { Stack } from "./stack.ts";
import { typeormStack } from "./typeorm/typeorm.ts";

/** Every framework that is read. A new one is one entry here. */
export const STACKS: readonly Stack[] = [
  djangoStack,
  sqlalchemyStack,
  fastapiStack,
  flaskStack,
  alembicStack,
  prismaStack,
  drizzleStack,
  typeormStack,
  expressStack,
  sqlStack,
];
