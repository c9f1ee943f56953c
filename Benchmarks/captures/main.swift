import Foundation
import LingerCapture

// Writes a big capture, or reads one as fast as it goes: see README.md beside it.

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("write", 3):
  guard let connections = Int(arguments[2]), let seed = UInt64(arguments[3]) else { usage() }
  var closes = OrdinaryCloses(connections: connections, seed: seed)
  while closes.writeMore() { FileHandle.standardOutput.write(Data(closes.writer.take())) }
  FileHandle.standardOutput.write(Data(closes.writer.take()))
case ("read", 2): read(arguments[2])
default: usage()
}

func read(_ path: String) {
  let clock = ContinuousClock()
  let start = clock.now
  var decoder = CaptureDecoder()
  var segments = 0
  var mostFollowed = 0
  do {
    var file = try CaptureFile(path: path)
    while try file.next({ frame, bytes in
      decoder.take(frame, bytes) { event in
        if case .segment = event { segments += 1 }
      }
    }) {
      mostFollowed = max(mostFollowed, decoder.followedCount)
    }
  } catch {
    print("\(path) \(error)")
  }
  decoder.finish { _ in }
  let elapsed = clock.now - start
  let seconds =
    Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  let rate = Int(Double(decoder.counts.frames) / seconds)
  print("\(decoder.counts.frames) frames, \(segments) segments,", terminator: " ")
  print(
    "\(decoder.counts.connections) connections, \(mostFollowed) at once at most;",
    terminator: " "
  )
  print("\(seconds) s, \(rate) frames/s")
}

func usage() -> Never {
  FileHandle.standardError.write(Data("usage: write CONNECTIONS SEED | read FILE\n".utf8))
  exit(64)
}
