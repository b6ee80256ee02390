/**
 * The elements of a task definition that become fields. Specified by [MS-TSCH] 2.5 (task XML schema) and the namespace
 * http://schemas.microsoft.com/windows/2004/02/mit/task.
 */

/** The namespace of task definitions, in all versions (1.0 to 1.6). */
export const TASK_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task";
/** The root of one definition, and the root around those of `schtasks /query /xml ONE`. */
export const TASK = "Task";
export const TASKS = "Tasks";

/** Elements whose text is a field of the same name, by their section ([MS-TSCH] 2.5.1 to 2.5.5). */
export const FIELDS_BY_SECTION: readonly (readonly [section: string, names: readonly string[]])[] =
  [
    [
      "RegistrationInfo",
      ["URI", "Author", "Date", "Description", "Source", "Version", "SecurityDescriptor"],
    ],
    [
      "Settings",
      [
        "Enabled",
        "Hidden",
        "AllowStartOnDemand",
        "StartWhenAvailable",
        "ExecutionTimeLimit",
        "DeleteExpiredTaskAfter",
        "RunOnlyIfNetworkAvailable",
        "WakeToRun",
      ],
    ],
  ];

/** Fields of the principal that an action's Context names ([MS-TSCH] 2.5.6). */
export const PRINCIPAL_FIELDS: readonly string[] = [
  "UserId",
  "GroupId",
  "LogonType",
  "RunLevel",
  "DisplayName",
];

/** Fields of each action, by its kind ([MS-TSCH] 2.5.7). */
export const ACTION_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Exec", ["Command", "Arguments", "WorkingDirectory"]],
  ["ComHandler", ["ClassId", "Data"]],
  ["SendEmail", ["Server", "From", "To", "Subject", "Body"]],
  ["ShowMessage", ["Title", "Body"]],
]);
