import CPcap

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A packet capture that is read frame by frame: pcap or pcapng, with micro- or nanoseconds, of
/// either byte order, from a file or a pipe.
///
/// libpcap reads it, in memory that does not grow with the file. It refuses a pcapng file whose
/// interfaces differ in their link types (as of 1.10, a second one of raw packets too), or whose
/// sections differ in byte order.
@safe
package struct CaptureFile: ~Copyable {
  /// libpcap's reader, which owns `stream`.
  private let reader: OpaquePointer
  private let stream: UnsafeMutablePointer<FILE>
  /// A file can be read on after its end, where it grows; a pipe's end is final.
  private let isSeekable: Bool
  private var readPointer: UnsafeMutablePointer<pcap_pkthdr>?
  private var bytesPointer: UnsafePointer<UInt8>?
  package let linkType: LinkType
  /// How many frames were handed out.
  package private(set) var frameCount = 0
  /// A place between two frames to go back to, in bytes and in frames.
  private var mark: (offset: off_t, frames: Int) = (0, 0)

  /// What one call of the operating system reads.
  private static let bufferSize = 1 << 18
  /// As many of the first bytes as tell what a file is.
  private static let sampleSize = 8
  /// Frames between two marks: to ask for a place costs a system call.
  private static let markDistance = 1024

  /// Opens a file, or the standard input for `-`.
  package init(path: String) throws(CaptureError) {
    if let problem = CaptureLibrary.problem { throw .missingLibrary(problem) }
    let opened = unsafe path == "-" ? fdopen(dup(0), "rb") : fopen(path, "rb")
    guard let stream = unsafe opened else { throw .cannotOpen(Self.systemReason()) }
    unsafe setvbuf(stream, nil, _IOFBF, Self.bufferSize)
    unsafe cpcap_own(stream)
    var isOpen = false
    defer { if !isOpen { unsafe fclose(stream) } }
    let sample = try unsafe Self.sample(stream)

    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    let reader = unsafe message.withUnsafeMutableBufferPointer { text in
      unsafe pcap_fopen_offline_with_tstamp_precision(stream, precision, text.baseAddress)
    }
    guard let reader = unsafe reader else {
      guard CaptureMagic.isCapture(sample) else {
        throw .notACapture(found: CaptureMagic.description(of: sample))
      }
      if unsafe feof(stream) != 0 { throw .cutOff(frame: 0) }
      let end = message.firstIndex(of: 0) ?? message.endIndex
      throw .unsupported(String(decoding: message[..<end].map(UInt8.init), as: UTF8.self))
    }
    isOpen = true
    unsafe self.reader = unsafe reader
    unsafe self.stream = unsafe stream
    mark.offset = unsafe ftello(stream)
    isSeekable = mark.offset >= 0
    linkType = LinkType(number: Int(unsafe pcap_datalink(reader)))
    unsafe readPointer = nil
    unsafe bytesPointer = nil
  }

  deinit { unsafe pcap_close(reader) }

  /// Reads the next frame and hands out its captured bytes; false at the end of the file.
  ///
  /// After the end, or an error `cutOff`, a file may have grown: the next call reads on from the
  /// end of the last whole frame.
  package mutating func next(
    _ body: (CapturedFrame, Span<UInt8>) -> Void
  ) throws(CaptureError) -> Bool {
    let answer = unsafe pcap_next_ex(reader, &readPointer, &bytesPointer)
    guard answer == 1, let header = unsafe readPointer?.pointee, let bytes = unsafe bytesPointer
    else { return try isEnd(answer) }
    frameCount += 1
    if isSeekable && frameCount - mark.frames == Self.markDistance {
      mark = (unsafe ftello(stream), frameCount)
    }
    let frame = CapturedFrame(
      number: frameCount,
      time: Self.nanoseconds(header.ts),
      linkType: linkType,
      capturedLength: Int(header.caplen),
      originalLength: Int(header.len)
    )
    let buffer = unsafe UnsafeBufferPointer(start: bytes, count: Int(header.caplen))
    body(frame, unsafe buffer.span)
    return true
  }

  /// What an answer without a frame means: the end as false, or an error.
  private mutating func isEnd(_ answer: Int32) throws(CaptureError) -> Bool {
    let frame = frameCount + 1
    if unsafe ferror(stream) != 0 { throw .unreadable(frame: frame, Self.systemReason()) }
    guard unsafe feof(stream) != 0 else {
      throw .corrupt(frame: frame, unsafe String(cString: pcap_geterr(reader)))
    }
    if isSeekable { try goBack() }
    if answer == PCAP_ERROR_BREAK { return false }
    throw .cutOff(frame: frame)
  }

  /// Goes back to where the last whole frame ended: what is half there is read again.
  private mutating func goBack() throws(CaptureError) {
    let frame = frameCount + 1
    var status = stat()
    if unsafe fstat(fileno(stream), &status) == 0 && status.st_size < ftello(stream) {
      throw .shrunk(frame: frame)
    }
    unsafe fseeko(stream, mark.offset, SEEK_SET)
    for _ in mark.frames..<frameCount {
      guard unsafe pcap_next_ex(reader, &readPointer, &bytesPointer) == 1 else {
        throw .shrunk(frame: frame)
      }
    }
    mark = (unsafe ftello(stream), frameCount)
  }

  /// The first bytes, which stay to be read. C's library allows one byte to be put back, and any
  /// number of those that its buffer still holds.
  private static func sample(_ stream: UnsafeMutablePointer<FILE>) throws(CaptureError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < sampleSize {
      let byte = unsafe getc(stream)
      guard byte >= 0 else { break }
      bytes.append(UInt8(byte))
    }
    if unsafe ferror(stream) != 0 { throw .cannotOpen(systemReason()) }
    for byte in bytes.reversed() {
      guard unsafe ungetc(Int32(byte), stream) >= 0 else { throw .cannotOpen(systemReason()) }
    }
    return bytes
  }

  /// Times that no clock of ours tells are held at 73 years from 1970, so that differences of
  /// times never overflow.
  private static func nanoseconds(_ time: timeval) -> Int64 {
    let limit = Int64.max / 4
    let (seconds, isTooMuch) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    if isTooMuch { return time.tv_sec < 0 ? -limit : limit }
    // libpcap was asked for nanoseconds, whatever the field is called.
    let (sum, isTooLarge) = seconds.addingReportingOverflow(Int64(time.tv_usec))
    return isTooLarge ? limit : max(-limit, min(limit, sum))
  }

  private static func systemReason() -> String { unsafe String(cString: strerror(errno)) }
}
