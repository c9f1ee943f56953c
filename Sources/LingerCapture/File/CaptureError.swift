/// Why a capture cannot be read, or not to its end. Frames that came before were handed out.
package enum CaptureError: Error, Hashable, Sendable {
  /// libpcap cannot be loaded: why, and what to do.
  case missingLibrary(String)
  /// The operating system's reason.
  case cannotOpen(String)
  /// Neither pcap nor pcapng; what it is, as far as its first bytes tell.
  case notACapture(found: String)
  /// A capture whose header, or whose kind, libpcap refuses: its words.
  case unsupported(String)
  /// The file ends inside of this frame, or of its header where that is 0. A file that still grows
  /// may hold the rest later.
  case cutOff(frame: Int)
  /// libpcap cannot read the record of this frame, for instance for its length: its words.
  case corrupt(frame: Int, String)
  /// The file has become shorter than what was read of it before this frame.
  case shrunk(frame: Int)
  /// The operating system failed to read: its reason.
  case unreadable(frame: Int, String)
}

extension CaptureError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingLibrary(let reason): reason
    case .cannotOpen(let reason): "cannot be opened: \(reason)"
    case .notACapture(let found): "is not a packet capture (pcap or pcapng): it is \(found)"
    case .unsupported(let reason): "is a capture that cannot be read: \(reason)"
    case .cutOff(0): "ends in the middle of its header"
    case .cutOff(let frame): "ends in the middle of frame \(frame)"
    case .corrupt(let frame, let reason):
      "is corrupt, or not understood, from frame \(frame) on: \(reason)"
    case .shrunk(let frame): "became shorter while it was read, before frame \(frame)"
    case .unreadable(let frame, let reason): "cannot be read at frame \(frame): \(reason)"
    }
  }
}
