// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "in-process",
  dependencies: [
    // Outside this repository: `.package(url: "...", from: "...")`.
    .package(name: "linger", path: "../..")
  ],
  targets: [
    .target(name: "ExampleTCP"),
    .testTarget(
      name: "ExampleTCPTests",
      dependencies: ["ExampleTCP", .product(name: "LingerTesting", package: "linger")]
    ),
  ]
)
