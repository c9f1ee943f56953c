import Foundation
import Linger

/// A file or standard input line by line, in memory that does not grow with it. What a pipe holds
/// is handed out as it comes.
struct LineReader {
  private let handle: FileHandle
  private let isRegular: Bool
  private var buffer: [UInt8] = []
  /// Where the next line begins, and how far the buffer has been searched for its end.
  private var start = 0
  private var searched = 0
  private var isOver = false
  /// Waits for more at the end; false where there is nothing to wait for.
  private let waits: () -> Bool

  /// No line of a log is this long; whatever has one was named by mistake.
  private static let longestLine = 64 << 20
  private static let chunk = 1 << 16

  init(_ path: String, waits: @escaping () -> Bool) throws(SourceReadError) {
    self.waits = waits
    handle = try Files.open(path)
    isRegular = path != "-" && Files.isRegular(path)
  }

  /// The next line without its end; nil where there is none.
  mutating func next() throws(SourceReadError) -> [UInt8]? {
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = Array(buffer[start..<end])
        start = end + 1
        searched = start
        return line
      }
      searched = buffer.count
      if isOver, !waits() {
        guard start < buffer.count else { return nil }
        let line = Array(buffer[start...])
        start = buffer.count
        return line
      }
      try fill()
    }
  }

  private mutating func fill() throws(SourceReadError) {
    buffer.removeSubrange(..<start)
    searched -= start
    start = 0
    guard buffer.count <= Self.longestLine else {
      throw .tooLarge(limitBytes: Self.longestLine)
    }
    do {
      // Of a pipe what is there; of a file a part, for all that is there is the whole of it.
      let data =
        try isRegular ? handle.read(upToCount: Self.chunk) ?? Data() : handle.availableData
      isOver = data.isEmpty
      buffer += data
    } catch {
      throw .unreadable(Files.knownReason(error) ?? "the system refuses")
    }
  }
}
