/** The door of casework/escalation: who is told of what nobody answers, and what became of it. */
export { type Escalating, keepEscalating, tellMessage } from "./keep-escalating.ts";
export { type EscalatedMessage, type EscalationRequest, escalate } from "./pass.ts";
