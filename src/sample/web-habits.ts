/** What the clinic's public web server logs: no Exchange, so no ids in the query. */
import type { Cast } from "./cast.ts";
import type { Chance } from "./chance.ts";
import { CHROME, EDGE, shapeOf, type Habit } from "./habit.ts";

/** The habits of the clinic's public web server: no Exchange, so no ids in the query. */
export function webHabits(cast: Cast, chance: Chance): Habit[] {
  const pages = [
    "/",
    "/appointments",
    "/contact",
    "/about/our-doctors",
    "/css/site.css",
    "/js/site.js",
    "/images/front.jpg",
    "/opening-hours",
  ];
  return cast.addresses.takeSome(40).flatMap((client, index) => {
    const agent =
      index < 6 ? "Mozilla/5.0+(compatible;+CensusBot/1.1)" : chance.pick([CHROME, EDGE]);
    return pages.map((stem): Habit => {
      const words = { method: "GET", stem, client, agent, referer: `https://www.${cast.domain}/` };
      const front = shapeOf(cast.webServer.address, 443, words, false);
      return {
        by: index < 6 ? "machines" : "people",
        weight: 1,
        front,
        back: null,
        takenLeast: 0,
        takenMost: 140,
      };
    });
  });
}
