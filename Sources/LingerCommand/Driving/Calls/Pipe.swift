import Foundation

/// A pipe to or from another process; this process's end never blocks.
@safe
final class Pipe: @unchecked Sendable {
  /// The end that the other process gets, -1 once it is closed here.
  private(set) var other: Int32
  private var own: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  enum Direction {
    case reading
    case writing
  }

  /// Nil where the system has no more of them.
  init?(_ direction: Direction) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    // The child gets its end as a standard stream, and nothing else of it.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    own = direction == .reading ? ends[0] : ends[1]
    other = direction == .reading ? ends[1] : ends[0]
    _ = fcntl(own, F_SETFL, fcntl(own, F_GETFL) | O_NONBLOCK)
  }

  deinit {
    closeOther()
    close()
  }

  func closeOther() {
    if other >= 0 { _ = Foundation.close(other) }
    other = -1
  }

  func close() {
    if own >= 0 { _ = Foundation.close(own) }
    own = -1
  }

  /// Appends what can be read now; nil at the end of what the other process writes.
  func read(into bytes: inout [UInt8]) -> Int? {
    let count = unsafe Foundation.read(own, &buffer, buffer.count)
    if count > 0 {
      bytes.append(contentsOf: buffer[..<count])
      return count
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
  }

  /// Writes what it takes now; nil where nobody reads any more.
  func write(_ bytes: ArraySlice<UInt8>) -> Int? {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Foundation.write(own, $0.baseAddress, $0.count)
    }
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  /// Waits until one of two can be read, or `writing` can be written to, for so many milliseconds.
  /// Says whether the second can be read, or is at its end.
  static func wait(_ first: Pipe, _ second: Pipe, writing: Pipe?, milliseconds: Int32) -> Bool {
    // Of a file of -1 nothing is waited for.
    var files = (
      pollfd(fd: first.own, events: Int16(POLLIN), revents: 0),
      pollfd(fd: second.own, events: Int16(POLLIN), revents: 0),
      pollfd(fd: writing?.own ?? -1, events: Int16(POLLOUT), revents: 0)
    )
    unsafe withUnsafeMutableBytes(of: &files) { bytes in
      _ = unsafe poll(bytes.bindMemory(to: pollfd.self).baseAddress, 3, milliseconds)
    }
    return files.1.revents != 0
  }
}
