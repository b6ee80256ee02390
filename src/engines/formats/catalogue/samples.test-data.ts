/** Invented catalogues in every form, for the tests: shapes as their makers write them, none of their text. */
import { gzipSync } from "node:zlib";
import { utf8 } from "../../../base/bytes.ts";

/** The list of the CISA as JSON: one sound entry, one without a day, one without an id. */
export const KEV_JSON = utf8(
  JSON.stringify({
    title: "An invented list",
    catalogVersion: "2026.11.20",
    dateReleased: "2026-11-20T18:00:00.1234Z",
    count: 3,
    vulnerabilities: [
      {
        cveID: "CVE-2021-34473",
        vendorProject: "Maker",
        product: "Mail server",
        vulnerabilityName: "Mail server runs what it is sent",
        dateAdded: "2021-11-03",
        shortDescription: "Invented.",
        requiredAction: "Update.",
        dueDate: "2021-11-17",
        knownRansomwareCampaignUse: "Known",
        cwes: ["CWE-918"],
      },
      { cveID: "CVE-2021-31207", dateAdded: "soon" },
      { cveID: "GHSA-1", dateAdded: "2021-11-03" },
    ],
  }),
);

/** The same columns as CSV, dated as a spreadsheet leaves them. */
export const KEV_CSV = utf8(
  [
    '"cveID","vendorProject","product","vulnerabilityName","dateAdded","shortDescription","requiredAction","dueDate","knownRansomwareCampaignUse","notes","cwes"',
    '"CVE-2021-34473","Maker","Mail server","It runs, what it is sent","11/3/2021","Two\nlines","Update","11/17/2021","Known","",""',
    '"CVE-2021-31207","Maker","Mail server","Writes files","3/4/2022","","","","Unknown","",""',
    "",
  ].join("\r\n"),
);

/** EPSS, plain and packed. */
export const EPSS = utf8(
  [
    "#model_version:v2023.03.01,score_date:2023-03-07T00:00:00+0000",
    "cve,epss,percentile",
    "CVE-2021-34473,0.97344,0.99873",
    "CVE-2021-31207,9.5e-4,0.4",
    "CVE-2021-1,1.5,0.1",
    "CVE-2021-1234,2,0.1",
    "",
  ].join("\n"),
);
/** As it is published. */
export const EPSS_GZIP = new Uint8Array(gzipSync(EPSS));

/** An export of MSRC: two rows of one build, a row known by its number alone, a row of Windows, one without an id. */
export const MSRC_CSV = utf8(
  [
    "\ufeffRelease date,Product Family,Product,Platform,Impact,Max Severity,Article,Article Link,Supercedence,Download,Download Link,Build Number,Details,Details Link,Base Score,Temporal Score,Customer Action Required",
    '"Jul 13, 2021",Server,Microsoft Exchange Server 2016 Cumulative Update 19,,Remote Code Execution,Critical,5001779,https://x.example/5001779,5000871,Security Update,https://x.example,15.01.2176.012,CVE-2021-34473,https://x.example,9.1,7.9,Yes',
    '"Apr 13, 2021",Server,Microsoft Exchange Server 2016 Cumulative Update 19,,Remote Code Execution,Critical,5001779,,5000871,Security Update,,15.01.2176.012,CVE-2021-28480,,9.8,8.5,Yes',
    '"Apr 13, 2021",Server,Microsoft Exchange Server Subscription Edition RTM,,Spoofing,Moderate,5001780,,,,,15.02.2562.001,CVE-2021-28480,,,,Yes',
    '"Mar 14, 2017",Windows,Windows Server 2016  (Server Core installation),,Remote Code Execution,Critical,4013429,,3213986,,,,CVE-2017-0144,,8.1,,Yes',
    '"Aug 9, 2022",Windows,Windows 10 Version 1809 for x64-based Systems,x64-based Systems,Tampering,Important,5016623,,5015811,,,10.0.17763.3287,CVE-2022-30133,,9.8,,Yes',
    '"Aug 9, 2022",Apps,Some App,,Spoofing,Low,Release Notes,,,,,1.2.3,Nothing,,,,Maybe',
    '"Apr 12, 2022",Developer Tools,Git for Windows 2.35,,Elevation of Privilege,Important,Release Notes,,,,,2.35.1,CVE-2022-24765,,7.8,,Maybe',
    "",
  ].join("\r\n"),
);

/** An advisory as MSRC publishes one. */
export const CSAF_MSRC = utf8(
  JSON.stringify({
    document: {
      aggregate_severity: { namespace: "https://x.example", text: "Critical" },
      category: "csaf_security_advisory",
      csaf_version: "2.0",
      publisher: { category: "vendor", name: "The maker's response centre" },
      title: "Mail server remote code execution",
      tracking: {
        id: "msrc_CVE-2021-34473",
        initial_release_date: "2021-07-13T07:00:00.000Z",
        current_release_date: "2021-08-25T07:00:00.000Z",
      },
    },
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: "Microsoft",
          branches: [
            {
              category: "product_name",
              name: "Microsoft Exchange Server 2016 Cumulative Update 19",
              branches: [
                {
                  category: "product_version_range",
                  name: "<15.01.2176.012",
                  product: { name: "Microsoft Exchange <15.01.2176.012", product_id: "1" },
                },
                {
                  category: "product_version",
                  name: "15.01.2176.012",
                  product: { name: "Microsoft Exchange 15.01.2176.012", product_id: "11838" },
                },
              ],
            },
            {
              category: "product_name",
              name: "Windows Server 2012 R2",
              product: { name: "Windows Server 2012 R2", product_id: "10483" },
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: "CVE-2021-34473",
        product_status: { fixed: ["11838"], known_affected: ["1", "10483"] },
        remediations: [
          {
            category: "vendor_fix",
            date: "2021-04-13T07:00:00.000Z",
            details: "15.01.2176.012:Security Update:https://support.x.example/help/5001779",
            product_ids: ["1"],
            url: "https://support.x.example/help/5001779",
          },
          { category: "vendor_fix", details: "KB4013429", product_ids: ["10483"] },
          { category: "workaround", details: "Pull the plug", product_ids: ["1"] },
        ],
        scores: [{ cvss_v3: { baseScore: 9.1, baseSeverity: "CRITICAL" }, products: ["1"] }],
        threats: [
          { category: "impact", details: "Remote Code Execution" },
          {
            category: "exploit_status",
            details:
              "Publicly Disclosed:No;Exploited:Yes;Latest Software Release:Exploitation Detected",
          },
        ],
      },
    ],
  }),
);

/** An advisory of a maker of appliances: ranges as vers, a group, a relationship, a CVSS word for a rating. */
export const CSAF_APPLIANCE = utf8(
  JSON.stringify({
    document: {
      csaf_version: "2.0",
      publisher: { name: "Gatemaker" },
      title: "Gate 100: a session is taken over",
      tracking: { id: "GM-2022-7", current_release_date: "2022-05-02T00:00:00Z" },
    },
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: "Gatemaker",
          branches: [
            {
              category: "product_name",
              name: "Gate 100",
              branches: [
                {
                  category: "product_version_range",
                  name: "vers:intdot/>=9.0.0.0|<9.1.4.2",
                  product: { name: "Gate 100 < 9.1.4.2", product_id: "G-OLD" },
                },
                {
                  category: "product_version",
                  name: "9.1.4.2",
                  product: { name: "Gate 100 9.1.4.2", product_id: "G-NEW" },
                },
              ],
            },
          ],
        },
      ],
      product_groups: [{ group_id: "ALL", product_ids: ["G-OLD"] }],
      relationships: [
        {
          category: "installed_on",
          full_product_name: { name: "Gate 100 9.1.4.2 on metal", product_id: "G-METAL" },
          product_reference: "G-NEW",
          relates_to_product_reference: "METAL",
        },
      ],
    },
    vulnerabilities: [
      {
        cve: "CVE-2022-12345",
        title: "Session is taken over",
        release_date: "2022-05-01T12:00:00Z",
        product_status: { fixed: ["G-METAL"], known_affected: ["G-OLD"] },
        remediations: [
          { category: "vendor_fix", details: "Update 20220501 brings 9.1.4.2", group_ids: ["ALL"] },
        ],
        scores: [{ cvss_v3: { baseScore: 7.5, baseSeverity: "HIGH" }, products: ["G-OLD"] }],
      },
    ],
  }),
);

/** A user's own, by hand. */
export const OWN_YAML = utf8(`# VPN at the branch
asOf: 2022-05-03
sources:
  - { id: gm, name: Gatemaker's release notes, date: 2022-05-03 }
products:
  - { name: Gate 100, names: [Gate], builds: 9.1, supportEnds: 2024-12-31 }
releases:
  - build: 9.1.4
    product: Gate 100
    kind: CU
    released: 2022-02
  - build: 9.1.10.2
    product: Gate 100
    cu: 9.1.10
    update: hot fix 2
    kind: SU
    released: 2022-05-01
    fixes: [CVE-2022-12345, CVE-2022-54321]
    sources: [gm]
vulnerabilities:
  - id: cve-2022-12345
    title: Session is taken over
    severities: [Critical]
    cvss: 9.8
    published: 2022-05-01
`);

/** Every form by its name. */
export const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  KEV_JSON,
  KEV_CSV,
  EPSS,
  EPSS_GZIP,
  MSRC_CSV,
  CSAF_MSRC,
  CSAF_APPLIANCE,
  OWN_YAML,
};
