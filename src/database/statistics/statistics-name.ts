/** Where a workspace keeps what is known about its database, relative to its folder. */
export const STATISTICS_FILE = ".aksara/statistics.json";
