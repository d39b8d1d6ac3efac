import { Router } from "express";
import { listLedger } from "../../services/payments.js";
import { bestSellers, customersWithoutOrders, ordersOfCity, revenueByStatus, stockByPublisher } from "../../services/reports.js";

const router = Router();

/** bigint has no place in JSON. */
const plain = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_key, v) => (typeof v === "bigint" ? Number(v) : v)));

router.get("/best-sellers", async (req, res) => {
  const since = new Date(String(req.query.since ?? "1970-01-01"));
  res.json(plain(await bestSellers(since)));
});

router.get("/revenue", async (_req, res) => {
  res.json(await revenueByStatus());
});

router.get("/stock", async (req, res) => {
  res.json(plain(await stockByPublisher(String(req.query.sort ?? "units"))));
});

router.get("/cities/:city/orders", async (req, res) => {
  res.json(await ordersOfCity(req.params.city));
});

router.get("/customers-without-orders", async (_req, res) => {
  res.json(await customersWithoutOrders());
});

router.get("/ledger", async (_req, res) => {
  res.json(plain(await listLedger()));
});

export default router;
