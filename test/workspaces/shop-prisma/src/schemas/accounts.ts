import { z } from "zod";

const phone = z.string().regex(/^\+?[0-9 -]{8,20}$/);

export const registration = z.object({
  email: z.email().max(254),
  password: z.string().min(10).max(200),
  firstName: z.string().max(150).default(""),
  lastName: z.string().max(150).default(""),
  phone: phone.optional(),
});

export const credentials = z.object({ email: z.email(), password: z.string() });

export const profile = z
  .object({
    firstName: z.string().max(150),
    lastName: z.string().max(150),
    phone: phone.nullable(),
    dateOfBirth: z.coerce.date().nullable(),
    marketingOptIn: z.boolean(),
  })
  .partial();

export const address = z.object({
  label: z.string().max(40).default("Home"),
  recipientName: z.string().max(120),
  phone,
  street: z.string(),
  city: z.string().max(80),
  province: z.string().max(80),
  postalCode: z.string().max(10),
  country: z.string().length(2).default("ID"),
});

export type Registration = z.infer<typeof registration>;
export type Profile = z.infer<typeof profile>;
export type AddressInput = z.infer<typeof address>;
