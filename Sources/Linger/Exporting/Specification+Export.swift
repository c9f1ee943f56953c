package import LingerReport

/// What a run is written as.
package enum ExportForm: String, CaseIterable, Sendable {
  /// A capture file with a comment for each frame.
  case pcapng
  /// A script for packetdrill.
  case packetdrill
}

extension ReplayedTrace.Run {
  /// The bytes of a file that shows the run as an instance saw it.
  package func exported(
    as form: ExportForm,
    subject: String?
  ) throws(UnusableSpec) -> [UInt8] {
    let run = try ExportedRun(self, subject: subject)
    switch form {
    case .pcapng: return try run.pcapng()
    case .packetdrill: return Array(try PacketdrillScript.text(of: run).utf8)
    }
  }
}
