-- CreateEnum
CREATE TYPE "loyalty_tier" AS ENUM ('reader', 'collector', 'patron');

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "date_of_birth" DATE,
ADD COLUMN     "phone" VARCHAR(20),
ADD COLUMN     "referred_by_id" INTEGER;

-- CreateTable
CREATE TABLE "loyalty_accounts" (
    "user_id" INTEGER NOT NULL,
    "tier" "loyalty_tier" NOT NULL DEFAULT 'reader',
    "points" INTEGER NOT NULL DEFAULT 0,
    "last_earned_at" TIMESTAMPTZ(3),

    CONSTRAINT "loyalty_accounts_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "users_last_name_first_name_idx" ON "users"("last_name", "first_name");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_referred_by_id_fkey" FOREIGN KEY ("referred_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loyalty_accounts" ADD CONSTRAINT "loyalty_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
