import type { NextApiRequest, NextApiResponse } from "next";

export default function handler(req: NextApiRequest, res: NextApiResponse) {
  switch (req.method) {
    case "GET":
      return res.json([]);
    case "POST":
      return res.status(201).json(req.body);
    default:
      return res.status(405).end();
  }
}
