/** @type {import("next").NextConfig} */
module.exports = { basePath: "/portal" };
