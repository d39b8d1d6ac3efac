import { z } from "zod";

export const cartItem = z.object({
  productId: z.uuid(),
  quantity: z.number().int().min(1).max(99).default(1),
});

export const quantity = cartItem.pick({ quantity: true });

export const checkout = z.object({
  addressId: z.number().int(),
  contactEmail: z.email(),
  couponCode: z.string().max(24).optional(),
});

export const shipment = z.object({
  carrier: z.enum(["JNE", "POS", "PICKUP"]),
  trackingNumber: z.string().max(40).optional(),
});

export const coupon = z.object({
  code: z.string().min(4).max(24),
  percentOff: z.number().int().min(1).max(90),
  endsAt: z.coerce.date(),
  maxRedemptions: z.number().int().positive().nullable().default(null),
});

export const refund = z.object({
  amount: z.number().positive(),
  reason: z.string().max(200).default(""),
});

export type Checkout = z.infer<typeof checkout>;
export type ShipmentInput = z.infer<typeof shipment>;
