Creator "made up"
graph [
 directed 1
 node [ id 1 label "Ann &amp; Co" graphics [ x 1 y [ z 2 ] ] ]
 node [ id 2 ]
 edge [ source 1 target 2 weight 1.5e0 ]
 edge [ source 2 target 99999999999999999999 ]
]
