-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('CREATED', 'AUTHORISED', 'CAPTURED', 'FAILED');

-- AlterTable: keep what the column holds
ALTER TABLE "payments" ALTER COLUMN "status" DROP DEFAULT,
ALTER COLUMN "status" SET DATA TYPE "PaymentStatus" USING upper("status")::"PaymentStatus",
ALTER COLUMN "status" SET DEFAULT 'CREATED';

-- AlterTable
ALTER TABLE "ledger_entries" ALTER COLUMN "amount_minor" SET DATA TYPE BIGINT;

-- CreateIndex
CREATE INDEX "ledger_entries_account_booked_on_idx" ON "ledger_entries"("account", "booked_on" DESC);
