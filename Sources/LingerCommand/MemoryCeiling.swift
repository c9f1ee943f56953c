import Foundation
import LingerModel
import Synchronization

/// The memory that this machine lets the program have: `ulimit`, control groups, what is built in.
///
/// Memory that cannot be had would end the program without a word. So what needs much of it asks
/// before, and a run that gets near the ceiling ends with what it has found and exit code 70.
enum MemoryCeiling {
  static let exitCode: Int32 = 70

  private static let wasReached = Atomic<Bool>(false)
  private static let asked = Atomic<Int>(0)
  /// How often the run may ask whether to stop between two looks at the memory in use.
  private static let interval = 16

  /// Whether a run was ended for want of memory.
  static var isReached: Bool { wasReached.load(ordering: .relaxed) }

  /// The reason to stop at this moment, if memory is nearly used up; looked at now and then.
  static var reason: UndecidedReason? {
    guard asked.add(1, ordering: .relaxed).oldValue.isMultiple(of: interval) else { return nil }
    return reason(against: 0)
  }

  /// The reason against taking so many bytes more, if there is one.
  static func reason(against bytes: Int) -> UndecidedReason? {
    guard let (size, resident) = inUse else { return nil }
    for (ceiling, used) in [(addressCeiling, size), (residentCeiling, resident)] {
      guard let ceiling else { continue }
      let reserve = min(max(ceiling / 4, 32 << 20), 512 << 20)
      let (needed, overflow) = bytes.addingReportingOverflow(used + reserve)
      guard overflow || needed > ceiling else { continue }
      wasReached.store(true, ordering: .relaxed)
      return .limit(
        .memory,
        ceiling,
        "out of memory: this machine allows \(ceiling >> 20) MiB"
      )
    }
    return nil
  }

  /// The largest address space, as `ulimit -v` sets it.
  private static let addressCeiling: Int? = {
    let lines = text(of: "/proc/self/limits")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("Max address space") }
    return line?.dropFirst("Max address space".count).split(separator: " ").first.flatMap {
      Int($0)
    }
  }()

  /// The most memory in use that the machine or the control group has for the program.
  private static let residentCeiling: Int? = {
    let groups = ["memory.max", "memory/memory.limit_in_bytes"].compactMap { name in
      text(of: "/sys/fs/cgroup/\(name)").flatMap { Int($0.filter(\.isNumber)) }
    }
    return (groups + [Int(clamping: ProcessInfo.processInfo.physicalMemory)]).min()
  }()

  /// Bytes of address space and of memory in use.
  private static var inUse: (size: Int, resident: Int)? {
    let fields = text(of: "/proc/self/statm")?.split(separator: " ").prefix(2).compactMap {
      Int($0)
    }
    guard let fields, fields.count == 2 else { return nil }
    let page = sysconf(Int32(_SC_PAGESIZE))
    return (fields[0] * page, fields[1] * page)
  }

  private static func text(of file: String) -> String? {
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
