import LingerCapture
import LingerEval
import LingerTestSupport

/// The frames of a capture, to be edited.
struct CaptureFrames {
  struct Frame {
    var header: CapturedFrame
    var bytes: [UInt8]
  }

  var frames: [Frame] = []

  init(frames: [Frame]) { self.frames = frames }

  init(path: String) throws {
    var file = try CaptureFile(path: path)
    var read: [Frame] = []
    while try file.next({ header, bytes in
      var copy: [UInt8] = []
      copy.reserveCapacity(bytes.count)
      for place in 0..<bytes.count { copy.append(bytes[place]) }
      read.append(Frame(header: header, bytes: copy))
    }) {}
    frames = read
  }

  /// One frame is dropped, repeated, swapped with the next or spoilt; places stay as they are.
  mutating func edit(_ random: inout RandomNumbers) {
    guard frames.count > 1 else { return }
    // A file's frames are numbered as they stand in it.
    defer { for place in frames.indices { frames[place].header.number = place + 1 } }
    let place = random.below(frames.count - 1)
    switch random.below(4) {
    case 0: frames.remove(at: place)
    case 1: frames.insert(frames[place], at: place + 1)
    case 2:
      let headers = (frames[place].header, frames[place + 1].header)
      frames.swapAt(place, place + 1)
      (frames[place].header.time, frames[place + 1].header.time) = (headers.0.time, headers.1.time)
    default:
      // A field of the TCP header behind Ethernet and IPv4, mostly.
      let spoilt = 14 + 20 + random.below(16)
      guard spoilt < frames[place].bytes.count else { return }
      frames[place].bytes[spoilt] ^= UInt8(1 << random.below(8))
    }
  }
}
