/// A growing list of plain values that has one owner.
///
/// What an array would be without copy on write: the tables of local steps are read for every
/// transition and written to in between.
@safe
struct Column<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private(set) var capacity: Int

  init(capacity: Int = 16) {
    self.capacity = max(1, capacity)
    unsafe base = .allocate(capacity: self.capacity)
  }

  init(repeating value: Element, count: Int) {
    self.init(capacity: count)
    for _ in 0..<count { append(value) }
  }

  init(_ values: [Element]) {
    self.init(capacity: values.count)
    for value in values { append(value) }
  }

  deinit { unsafe base.deallocate() }

  /// Memory held, in bytes.
  var byteCount: Int { capacity * MemoryLayout<Element>.stride }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such row")
      return unsafe base[index]
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such row")
      unsafe base[index] = newValue
    }
  }

  @inline(__always)
  mutating func append(_ value: Element) {
    if count == capacity { grow() }
    unsafe base[count] = value
    count &+= 1
  }

  @unsafe
  mutating func append(_ values: UnsafePointer<Element>, count added: Int) {
    while count + added > capacity { grow() }
    unsafe (base + count).update(from: values, count: added)
    count += added
  }

  /// For the store, which reads some values one behind the other.
  @unsafe
  @inline(__always)
  func pointer(to index: Int) -> UnsafePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such row")
    return unsafe UnsafePointer(base + index)
  }

  mutating func removeAll() { count = 0 }

  /// Forgets all, and gives back the memory of more rows than these.
  mutating func removeAll(keeping kept: Int) {
    count = 0
    guard capacity > max(kept, 1) else { return }
    unsafe base.deallocate()
    capacity = max(kept, 1)
    unsafe base = .allocate(capacity: capacity)
  }

  mutating func removeLast(_ number: Int) {
    precondition(number >= 0 && number <= count, "fewer rows than are taken away")
    count -= number
  }

  mutating func removeFirst(_ number: Int) {
    precondition(number >= 0 && number <= count, "fewer rows than are taken away")
    unsafe base.update(from: base + number, count: count - number)
    count -= number
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    unsafe larger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = unsafe larger
    capacity *= 2
  }
}
