/**
 * The logs that Exchange writes as CSV under `#` directives: what each is called, and its columns in Exchange 2016.
 * Refuses nothing: a log that is not here is read under its own name, by the columns that it declares. Sources: docs/formats/exchange.md.
 */

/** A log as Exchange 2016 writes it. */
interface LogSchema {
  /** The text of `#Log-type`. */
  readonly logType: string;
  /** The text of `#Software` and of `#Version`. */
  readonly software: string;
  readonly version: string;
  /** Whether a file begins with the names as an ordinary row, for spreadsheets, instead of with a byte order mark. */
  readonly isLed: boolean;
  /** Columns, parted by commas. */
  readonly fields: string;
}

const SERVER = "Microsoft Exchange Server";
const BUILD = "15.01.2044.004";

/** The logs that can be written; what they have in common is docs/formats/exchange.md. */
export const LOGS = {
  HttpProxy: {
    logType: "HttpProxy Logs",
    software: SERVER,
    version: BUILD,
    isLed: true,
    fields:
      "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,TargetServerVersion,RoutingType,RoutingHint,BackEndCookie,ServerLocatorHost,ServerLocatorLatency,RequestBytes,ResponseBytes,TargetOutstandingRequests,AuthModulePerfContext,HttpPipelineLatency,CalculateTargetBackEndLatency,GlsLatencyBreakup,TotalGlsLatency,AccountForestLatencyBreakup,TotalAccountForestLatency,ResourceForestLatencyBreakup,TotalResourceForestLatency,ADLatency,SharedCacheLatencyBreakup,TotalSharedCacheLatency,ActivityContextLifeTime,ModuleToHandlerSwitchingLatency,ClientReqStreamLatency,BackendReqInitLatency,BackendReqStreamLatency,BackendProcessingLatency,BackendRespInitLatency,BackendRespStreamLatency,ClientRespStreamLatency,KerberosAuthHeaderLatency,HandlerCompletionLatency,RequestHandlerLatency,HandlerToModuleSwitchingLatency,ProxyTime,CoreLatency,RoutingLatency,HttpProxyOverhead,TotalRequestTime,RouteRefresherLatency,UrlQuery,BackEndGenericInfo,GenericInfo,GenericErrors,EdgeTraceId,DatabaseGuid,UserADObjectGuid,PartitionEndpointLookupLatency,RoutingStatus",
  },
  MessageTracking: {
    logType: "Message Tracking Log",
    software: SERVER,
    version: BUILD,
    isLed: false,
    fields:
      "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,schema-version",
  },
  Ews: {
    logType: "EWS Logs",
    software: SERVER,
    version: BUILD,
    isLed: true,
    fields:
      "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,Ring,ClientRequestId,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,UserAgent,VersionInfo,ClientIpAddress,ServerHostName,FrontEndServer,SoapAction,HttpStatus,RequestSize,ResponseSize,ErrorCode,ImpersonatedUser,ProxyAsUser,ActAsUser,Cookie,CorrelationGuid,PrimaryOrProxyServer,TaskType,RemoteBackendCount,LocalMailboxCount,RemoteMailboxCount,LocalIdCount,RemoteIdCount,BeginBudgetConnections,EndBudgetConnections,BeginBudgetHangingConnections,EndBudgetHangingConnections,BeginBudgetAD,EndBudgetAD,BeginBudgetCAS,EndBudgetCAS,BeginBudgetRPC,EndBudgetRPC,BeginBudgetFindCount,EndBudgetFindCount,BeginBudgetSubscriptions,EndBudgetSubscriptions,MDBResource,MDBHealth,MDBHistoricalLoad,ThrottlingPolicy,ThrottlingDelay,ThrottlingRequestType,TotalDCRequestCount,TotalDCRequestLatency,TotalMBXRequestCount,TotalMBXRequestLatency,RecipientLookupLatency,ExchangePrincipalLatency,HttpPipelineLatency,CheckAccessCoreLatency,AuthModuleLatency,CallContextInitLatency,PreExecutionLatency,CoreExecutionLatency,TotalRequestTime,DetailedExchangePrincipalLatency,ClientStatistics,GenericInfo,AuthenticationErrors,GenericErrors,Puid,StartTime,ProcessId,TimeInGC,StartTotalMemory,EndTotalMemory,StartGCCounts,EndGCCounts,TokenBasedThrottlingPolicy,BudgetKey,CoinsCharged,CoinsChargedMethod,SidBudgetInfo,AppBudgetInfo,TenantBudgetInfo,ResourceAccessed,ResourceHealthBasedThreshold,ThrottledBy,BackoffHint,WorkClassification",
  },
  EcpActivity: {
    logType: "ECP Activity Context Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields: "TimeStamp,ServerName,EventId,EventData",
  },
  EcpServer: {
    logType: "ECP Server Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields: "TimeStamp,ServerName,EventId,EventData",
  },
  OwaServer: {
    logType: "OWA Server Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields: "TimeStamp,ServerName,EventId,EventData",
  },
  RpsHttp: {
    logType: "Rps Http Logs",
    software: SERVER,
    version: BUILD,
    isLed: true,
    fields:
      "DateTime,StartTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,UrlHost,UrlStem,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,ManagedOrganization,ClientIpAddress,ServerHostName,FrontEndServer,HttpStatus,SubStatus,ErrorCode,Action,CommandId,CommandName,SessionId,ShellId,FailFast,ContributeToFailFast,RequestBytes,ClientInfo,CPU,Memory,ActivityContextLifeTime,TotalTime,UrlQuery,GenericLatency,GenericInfo,GenericErrors",
  },
  RpsCmdlet: {
    logType: "Rps Cmdlet Logs",
    software: SERVER,
    version: BUILD,
    isLed: true,
    fields:
      "DateTime,StartTime,RequestId,ClientRequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ServerHostName,ProcessId,ProcessName,ThreadId,CultureInfo,Organization,AuthenticatedUser,ExecutingUserSid,EffectiveOrganization,UserServicePlan,IsAdmin,ClientApplication,Cmdlet,Parameters,CmdletUniqueId,UserBudgetOnStart,ContributeToFailFast,RunspaceSettingsCreationHint,ADViewEntireForest,ADRecipientViewRoot,ADConfigurationDomainControllers,ADPreferredGlobalCatalogs,ADPreferredDomainControllers,ADUserConfigurationDomainController,ADUserPreferredGlobalCatalog,ADuserPreferredDomainControllers,ThrottlingInfo,DelayInfo,ThrottlingDelay,IsOutputObjectRedacted,CmdletProxyStage,CmdletProxyRemoteServer,CmdletProxyRemoteServerVersion,CmdletProxyMethod,ProxiedObjectCount,CmdletProxyLatency,OutputObjectCount,ParameterBinding,BeginProcessing,ProcessRecord,EndProcessing,StopProcessing,BizLogic,PowerShellLatency,UserInteractionLatency,ProvisioningLayerLatency,ActivityContextLifeTime,TotalTime,ErrorType,ExecutionResult,CacheHitCount,CacheMissCount,GenericLatency,GenericInfo,GenericErrors,ObjectGuid,ExternalDirectoryOrganizationId,ExternalDirectoryObjectId,NonPiiParameters",
  },
  SmtpReceive: {
    logType: "SMTP Receive Protocol Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields:
      "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context",
  },
  SmtpSend: {
    logType: "SMTP Send Protocol Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields:
      "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context",
  },
  Connectivity: {
    logType: "Transport Connectivity Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields: "date-time,session,source,Destination,direction,description",
  },
  Agent: {
    logType: "Agent Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields:
      "Timestamp,SessionId,LocalEndpoint,RemoteEndpoint,EnteredOrgFromIP,MessageId,P1FromAddress,P2FromAddresses,Recipient,NumRecipients,Agent,Event,Action,SmtpResponse,Reason,ReasonData,Diagnostics,NetworkMsgID,TenantID,Directionality",
  },
  RpcClientAccess: {
    logType: "RCA Protocol Logs",
    software: "Microsoft Exchange",
    version: BUILD,
    isLed: false,
    fields:
      "date-time,session-id,seq-number,client-name,organization-info,client-software,client-software-version,client-mode,client-ip,server-ip,protocol,application-id,operation,rpc-status,processing-time,operation-specific,failures",
  },
  Imap4: {
    logType: "IMAP4 Log",
    software: SERVER,
    version: "15.0.0.0",
    isLed: false,
    fields:
      "dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context,puid",
  },
} as const satisfies Readonly<Record<string, LogSchema>>;

/** A log that can be written. */
export type LogId = keyof typeof LOGS;

type Split<Text, Seen = never> = Text extends `${infer Name},${infer Rest}`
  ? Split<Rest, Seen | Name>
  : Seen | Text;

/** The columns of a log. */
export type FieldOf<Id extends LogId> = Split<(typeof LOGS)[Id]["fields"]>;

/** What Exchange calls a log, and the channel that its events get: logs that tell one story share one. */
const CHANNELS: ReadonlyMap<string, string> = new Map([
  ["httpproxy logs", "HttpProxy"],
  ["message tracking log", "MessageTracking"],
  ["ews logs", "Ews"],
  ["ecp activity context log", "Ecp"],
  ["ecp server log", "Ecp"],
  ["owa server log", "Owa"],
  ["rps http logs", "CmdletInfra"],
  ["rps cmdlet logs", "CmdletInfra"],
  ["rps authz logs", "CmdletInfra"],
  ["smtp receive protocol log", "SmtpReceive"],
  ["smtp send protocol log", "SmtpSend"],
  ["transport connectivity log", "Connectivity"],
  ["agent log", "Agent"],
  ["rca protocol logs", "RpcClientAccess"],
  ["imap4 log", "Imap4"],
  ["imap4 protocol log", "Imap4"],
  ["pop3 log", "Pop3"],
  ["pop3 protocol log", "Pop3"],
  ["http request filtering logs", "HttpRequestFiltering"],
]);

/** The channel of a log by the text of its `#Log-type`; an unknown log keeps the name that it gives itself. */
export function channelOf(logType: string): string {
  return CHANNELS.get(logType.toLowerCase()) ?? logType;
}
