/** The door of the entities: who and what an event speaks of. */
export { entitiesOf } from "./entities.ts";
