import { Prisma } from "@prisma/client";
import { conflict, HttpError, notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";
import { hashPassword, issueToken, passwordMatches } from "../lib/tokens.js";
import type { AddressInput, Profile, Registration } from "../schemas/accounts.js";

const TOKEN_LIFETIME_MS = 12 * 60 * 60 * 1000;

/** What a customer may see of an account. Never the password hash. */
const publicFields = {
  id: true,
  email: true,
  firstName: true,
  lastName: true,
  phone: true,
  dateOfBirth: true,
  marketingOptIn: true,
} satisfies Prisma.UserSelect;

export async function register({ password, ...fields }: Registration) {
  const known = await prisma.user.findUnique({ where: { email: fields.email }, select: { id: true } });
  if (known) throw conflict("This address has an account already.");
  return prisma.user.create({
    data: { ...fields, passwordHash: hashPassword(password), loyalty: { create: {} } },
    select: publicFields,
  });
}

export async function logIn(email: string, password: string): Promise<string> {
  const user = await prisma.user.findFirst({
    where: { email: { equals: email, mode: "insensitive" } },
    select: { id: true, role: true, passwordHash: true },
  });
  if (!user || !passwordMatches(password, user.passwordHash)) {
    throw new HttpError(400, "Wrong e-mail or password.");
  }
  return issueToken({ userId: user.id, role: user.role, expiresAt: Date.now() + TOKEN_LIFETIME_MS });
}

export async function getProfile(userId: number) {
  return prisma.user.findUniqueOrThrow({
    where: { id: userId },
    select: { ...publicFields, loyalty: { select: { tier: true, points: true } } },
  });
}

export async function updateProfile(userId: number, change: Profile) {
  return prisma.user.update({ where: { id: userId }, data: change, select: publicFields });
}

export async function listAddresses(userId: number) {
  return prisma.address.findMany({
    where: { userId },
    orderBy: [{ isDefault: "desc" }, { label: "asc" }],
  });
}

export async function addAddress(userId: number, input: AddressInput) {
  return prisma.address.create({ data: { ...input, userId } });
}

export async function makeDefaultAddress(userId: number, addressId: number) {
  const [, chosen] = await prisma.$transaction([
    prisma.address.updateMany({ where: { userId, isDefault: true }, data: { isDefault: false } }),
    prisma.address.updateMany({ where: { id: addressId, userId }, data: { isDefault: true } }),
  ]);
  if (chosen.count === 0) throw notFoundError("Address");
}

export async function removeAddress(userId: number, addressId: number) {
  const { count } = await prisma.address.deleteMany({ where: { id: addressId, userId } });
  if (count === 0) throw notFoundError("Address");
}

export async function awardPoints(userId: number, points: number) {
  return prisma.loyaltyAccount.upsert({
    where: { userId },
    create: { userId, points, lastEarnedAt: new Date() },
    update: { points: { increment: points }, lastEarnedAt: new Date() },
  });
}

export async function listCustomers(page: number) {
  return prisma.user.findMany({
    where: { role: "CUSTOMER" },
    select: { ...publicFields, createdAt: true, _count: { select: { orders: true } } },
    orderBy: { createdAt: "desc" },
    skip: (page - 1) * 50,
    take: 50,
  });
}

export async function birthdayCustomers(day: number, month: number) {
  return prisma.$queryRaw<{ id: number; email: string; first_name: string }[]>`
    SELECT id, email, first_name
    FROM users
    WHERE marketing_opt_in
      AND extract(day FROM date_of_birth) = ${day}
      AND extract(month FROM date_of_birth) = ${month}
  `;
}
