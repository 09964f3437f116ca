"""The example that passim's quick start begins with: two poems of Longfellow, and one of them in two newspapers of 1860.

The poems are Project Gutenberg's transcriptions; what stands of the newspapers is the machine-read text of the passage
as the quick start prints it (Library of Congress, Chronicling America: sn83045462, 24 August 1860, page 4, and
sn85025007, 25 August 1860, page 1). All are in the public domain.
"""

CHILDRENS_HOUR = """THE CHILDREN'S HOUR

Between the dark and the daylight,
  When the night is beginning to lower,
Comes a pause in the day's occupations,
 That is known as the Children's Hour.

I hear in the chamber above me
  The patter of little feet,
The sound of a door that is opened,
  And voices soft and sweet.

From my study I see in the lamplight,
  Descending the broad hall stair,
Grave Alice, and laughing Allegra,
  And Edith with golden hair.

A whisper, and then a silence:
  Yet I know by their merry eyes
They are plotting and planning together
  To take me by surprise.

A sudden rush from the stairway,
  A sudden raid from the hall!
By three doors left unguarded
  They enter my castle wall!

They climb up into my turret
  O'er the arms and back of my chair;
If I try to escape, they surround me;
  They seem to be everywhere.

They almost devour me with kisses,
  Their arms about me entwine,
Till I think of the Bishop of Bingen
  In his Mouse-Tower on the Rhine!

Do you think, o blue-eyed banditti,
  Because you have scaled the wall,
Such an old mustache as I am
  Is not a match for you all!

I have you fast in my fortress,
  And will not let you depart,
But put you down into the dungeon
  In the round-tower of my heart.

And there will I keep you forever,
  Yes, forever and a day,
Till the walls shall crumble to ruin,
  And moulder in dust away!
"""

REAPER = """THE REAPER AND THE FLOWERS.

There is a Reaper, whose name is Death,
  And, with his sickle keen,
He reaps the bearded grain at a breath,
  And the flowers that grow between.

"Shall I have naught that is fair?" saith he;
  "Have naught but the bearded grain?
Though the breath of these flowers is sweet to me,
  I will give them all back again."

He gazed at the flowers with tearful eyes,
  He kissed their drooping leaves;
It was for the Lord of Paradise
  He bound them in his sheaves.

"My Lord has need of these flowerets gay,"
  The Reaper said, and smiled;
"Dear tokens of the earth are they,
  Where he was once a child.

"They shall all bloom in fields of light,
  Transplanted by my care,
And saints, upon their garments white,
  These sacred blossoms wear."

And the mother gave, in tears and pain,
  The flowers she most did love;
She knew she should find them all again
  In the fields of light above.

O, not in cruelty, not in wrath,
  The Reaper came that day;
'T was an angel visited the green earth,
  And took the flowers away.
"""

BADLY_READ = """
THE CHILDREN'S HOUR.
BT W. L059V1LL0W.
Bet-reen the dark ?.<i tae d?yh?ht.
When the nuht is becinning t > low?r?
Conn ft p?t)M in thiimf ooeop*'ion?.
Taftt n known ft* the Children'* Hoar.
I he*- in th* chamber above m?
'? ae patt-r of little feet;
The round ot? door thM i* opened.
And voice* ?of. ? .d sweet.
From bit stadv I e?e in the UmB ight,
^D<>.?seorlin? the brovl ball ?Uir.
uiav? Aiion ?nu inurun* a iogi?.
And Edith with golden hair.
A whisper and then a siienc;
Yet I Know by th- me ry eyet
The> are plot ing and planning togeth
To take me bj surprise.
A sudden rush from the stairway,
A sadden raid from the hall'
Bt ?hra~ doors led unguarded.
They outer my castle wall!
They climb up into the Mrret
O'er the arms and back of mv chair;
If 1 try to escape they surround me;
They seem to be?everywhar?.
They alrroU devour me with kitsrs.
Their arms about me entwine.
Till 1 think of the Bishop ot U ngen
In bis taou.o-towor on the Rhine!
Do yon think, O hlu?-e*ed VanditS.
B cause >ou have scaled the wall,
Such an old mustaohx as I am
la not a ma ten {or you *1 ?
I bar* you fa-t in in* fo t'?t?.
And wnl not let you depart.
But put jou down m.o th dungeon*
la the ound to we'of my heart.
And there will I k<wp you forever,
Ye?, fo. ever and a da;,
Till the vail thill crumble to ruin,
And moblder in dust away """

WELL_READ = """:
Between the dark and the daylight,
When the night h beginning to lower,
Comes a pause in tho day's occupations,
That is known as the Children'* llour.
I hear in the chamber above me,
The p:ittor of little feet,
The soun-l of a door that is opened,
And voice# soft and sweet.
Jr'roui inv s.udy 1 see in the lamplight,
DrsetU'ii.ig the broad hall stair,
(Irave Alice and laughing Allegra,
And Edith with (ioldeu hair.
A whisper, and then a silence:
Ywf L know by their merry eyes
They J.rc plotting and planning together
To take tne by surprise.
A sudden rush from the stairway,
A sudden raid from the hall!
By three doors lelt unguarded
Tb'.y eiiter iny castle wall!
They climb up into my turret
O'er the aims and back ot iny chair,
in try to escape, they surround mo;
They seem to be everywhere.
They almost devour me with kisses,
Their arms about me entwine,
Till 1 think of the Bishop ol' Bingen
In his Mouse-Tower on the Rhine !
Do you think, 0 blue-eyed banditti,
Because you have scaled the wall,
Such an old muataehe as I am
Is uot a match for you all?
I have you fast in my fortress,
And will not let you depart,
But put you down into the dungeons .
In the "round tower of my heart.
And there will I keep you forever,
Yes, forever and a day,
Till the walls shall crumble to ruin,
And moulder in dust awa"""
