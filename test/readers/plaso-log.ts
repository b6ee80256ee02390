/** Made-up plaso timelines, one event a line, as psort writes json_line: names sorted, numbers whole. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START_MICROS = Date.UTC(2021, 7, 12, 9) * 1_000;

/** What stands in every event. */
function container(micros: number, rest: object): object {
  return {
    __container_type__: "event",
    __type__: "AttributeContainer",
    timestamp: micros,
    timestamp_desc: "Content Modification Time",
    ...rest,
    pathspec: { __type__: "PathSpec", location: "/C/Windows", type_indicator: "NTFS" },
  };
}

function windows(line: number, micros: number, pick: number): object {
  const time = new Date(micros / 1_000).toISOString().replace("Z", "4567Z");
  return container(micros, {
    data_type: "windows:evtx:record",
    date_time: {
      __class_name__: "Filetime",
      __type__: "DateTimeValues",
      timestamp: (BigInt(micros) * 10n + 116_444_736_000_000_000n).toString(),
    },
    parser: "winevtx",
    computer_name: "MAIL1.clinic.example",
    event_identifier: 4688,
    message: `[4688 / 0x1250] Strings: [user${pick}]`,
    record_number: 5_000 + line,
    source_name: "Microsoft-Windows-Security-Auditing",
    strings: [`user${pick}`],
    xml_string: `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\n  <System>\n    <Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/>\n    <EventID>4688</EventID>\n    <Level>0</Level>\n    <TimeCreated SystemTime="${time}"/>\n    <EventRecordID>${5_000 + line}</EventRecordID>\n    <Execution ProcessID="4" ThreadID="12"/>\n    <Channel>Security</Channel>\n    <Computer>MAIL1.clinic.example</Computer>\n  </System>\n  <EventData>\n    <Data Name="SubjectUserName">user${pick}</Data>\n    <Data Name="CommandLine">cmd /c &quot;a &amp;&amp; b&quot;</Data>\n  </EventData>\n</Event>\n`,
  });
}

function iis(_: number, micros: number, pick: number): object {
  const seconds = Math.floor(micros / 1e6);
  const { timestamp_desc: means, ...rest } = {
    ...container(seconds * 1_000_000, {}),
    timestamp_desc: "Last Written Time",
  };
  const date = new Date(seconds * 1_000);
  return {
    ...rest,
    timestamp_desc: means,
    data_type: "iis:log:line",
    date_time: {
      __class_name__: "TimeElements",
      __type__: "DateTimeValues",
      time_elements_tuple: [
        2021,
        8,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ],
    },
    parser: "text/winiis",
    http_method: pick === 0 ? "GET" : "POST",
    http_status: 200,
    requested_uri_stem: "/owa/",
    source_ip: "198.51.100.7",
    message: `${pick === 0 ? "GET" : "POST"} /owa/`,
  };
}

function file(line: number, micros: number, pick: number): object {
  return container(micros, {
    data_type: "fs:stat",
    date_time: {
      __class_name__: "PosixTimeInMicroseconds",
      __type__: "DateTimeValues",
      timestamp: micros,
    },
    parser: "filestat",
    display_name: `NTFS:/inetpub/wwwroot/aspnet_client/${pick}.aspx`,
    file_size: 100 + line,
    message: `NTFS:/inetpub/wwwroot/aspnet_client/${pick}.aspx Type: file`,
  });
}

const KINDS = [windows, iis, file];

/** A timeline of `count` events, the kinds in turn. */
export function madePlaso(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, line) => {
    const micros = START_MICROS + line * 1_500_000 + Math.floor(random() * 900_000);
    const make = KINDS[line % KINDS.length] ?? file;
    // psort writes a FILETIME as a number, beyond what a double holds.
    const text = JSON.stringify(make(line, micros, Math.floor(random() * 2)));
    return `${text.replace(/"timestamp":"(\d+)"/, '"timestamp":$1')}\n`;
  });
  return utf8(lines.join(""));
}
