import { createMigrationTool } from "./create-migration.ts";
import { createModelTool } from "./create-model.ts";
import { createRecord } from "./create-record.ts";
import { deleteRecord } from "./delete-record.ts";
import { describeModel } from "./describe-model.ts";
import { describeRoute } from "./describe-route.ts";
import { explainQuery } from "./explain-query.ts";
import { generateModelTool } from "./generate-model.ts";
import { generateTestTool } from "./generate-test.ts";
import { generateViewsetTool } from "./generate-viewset.ts";
import { getDiagnostics } from "./get-diagnostics.ts";
import { listFilesTool } from "./list-files.ts";
import { listMigrations } from "./list-migrations.ts";
import { listModels } from "./list-models.ts";
import { listRoutes } from "./list-routes.ts";
import { patchFileTool } from "./patch-file.ts";
import { queryRecords } from "./query-records.ts";
import { readFileTool } from "./read-file.ts";
import { ToolRegistry } from "./registry.ts";
import { runCommandTool } from "./run-command.ts";
import { runFlowTool } from "./run-flow.ts";
import { searchFilesTool } from "./search-files.ts";
import { suggestMigrationTool } from "./suggest-migration.ts";
import type { Tool } from "./tool.ts";
import { updateRecord } from "./update-record.ts";
import { writeFileTool } from "./write-file.ts";

/** The tools that ship. A new one is one file and one line here. */
const SHIPPED: readonly Tool[] = [
  createMigrationTool,
  createModelTool,
  createRecord,
  deleteRecord,
  describeModel,
  describeRoute,
  explainQuery,
  generateModelTool,
  generateTestTool,
  generateViewsetTool,
  getDiagnostics,
  listFilesTool,
  listMigrations,
  listModels,
  listRoutes,
  patchFileTool,
  queryRecords,
  readFileTool,
  runCommandTool,
  runFlowTool,
  searchFilesTool,
  suggestMigrationTool,
  updateRecord,
  writeFileTool,
];

/** A registry of them, to which a host adds its own. */
export function shippedTools(): ToolRegistry {
  return new ToolRegistry(SHIPPED);
}
