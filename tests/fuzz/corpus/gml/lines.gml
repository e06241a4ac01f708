Version 1
graph
[
node
[
id "a b"
]
node
[
id "c"
]
edge
[
source "a b"
target "c"
graphics [ line [ point [ x 1 y 2 ] ] ]
]
]
