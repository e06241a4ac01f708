# made up
graph [
  directed 1
  multigraph 1
  comment "one; two
lines"
  node [
    id 0
    label "ann"
    leaning -0.5
    bio "nurse &#38; mother"
    tags "a"
    tags "b"
  ]
  node [ id 1 label "bob" label "Bobby" ]
  edge [ source 0 target 1 key 0 value 2 time "2026-01-02" type "reply" label "drawn" ]
  edge [ source 1 target 0 weight +INF ]
  edge [ source 1 target 7 weight 1E2 since 1767312000 ]
]
graph [ node [ id 9 ] ]
