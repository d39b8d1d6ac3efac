import { aksaraStack } from "./aksara/stack.ts";
import { alembicStack } from "./alembic/stack.ts";
import { djangoStack } from "./django/stack.ts";
import { drizzleStack } from "./drizzle/drizzle.ts";
import { fastapiStack } from "./fastapi/stack.ts";
import { flaskStack } from "./flask/stack.ts";
import { mongooseStack } from "./mongoose/mongoose.ts";
import { nestStack } from "./nest/nest.ts";
import { nodeStack } from "./node/stack.ts";
import { prismaStack } from "./prisma/prisma.ts";
import { sqlStack } from "./sql/stack.ts";
import { sqlalchemyStack } from "./sqlalchemy/stack.ts";
import type { Stack } from "./stack.ts";
import { typeormStack } from "./typeorm/typeorm.ts";

/** Every framework that is read. A new one is one entry here. */
export const STACKS: readonly Stack[] = [
  aksaraStack,
  djangoStack,
  sqlalchemyStack,
  fastapiStack,
  flaskStack,
  alembicStack,
  prismaStack,
  drizzleStack,
  typeormStack,
  mongooseStack,
  nestStack,
  nodeStack,
  sqlStack,
];
