(** Sizes of the parts of the right-hand side in the metric of the flow, from norms between components
    ([StepOfFlow]): what the slopes drive, the linear coupling, and how far that is from skew. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm Interconnection SingularValue
  StepOfFlow.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableRestriction ExecutableGauges
  ExecutableNorms ExecutableAssembly ExecutableJoin ExecutableCuts.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Residual.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat) (u : forall i, 'I_(s i) -> 'I_n).
Hypothesis uP : components u.
Variable M : forall i, 'M[R]_(s i).
Hypothesis pM : forall i, posdef (M i).
Let one : 'rV[R]_p := const_mx 1.
Let one0 : positive one. Proof. by move=> i; rewrite mxE ltr01. Qed.

Lemma residual_total (C : 'M[R]_n) (r : 'M[R]_p) c : (forall i j, 0 <= r i j) -> (forall i j, r i j = r j i) ->
  (forall i j, couples (M i) (M j) (r i j ^+ 2) (skewness u M one one C i j)) -> (forall i, \sum_j r i j <= c) ->
  forall e, `|bf (blocks u M one one) e (C *m e)| <= c * qf (blocks u M one one) e.
Proof.
move=> r0 rC residual sums e; pose x i := piece u i e; pose q i := qf (M i) (x i).
have q0 i : 0 <= q i by apply: posdef_nonneg.
pose t i j := dot (x i) (skewness u M one one C i j *m x j).
pose lin i j := bf (M i) (x i) (Components.block u i j C *m x j).
have one1 i : one 0 i / one 0 i = 1 by rewrite mxE divr1.
have pair i j : lin i j + lin j i = 2%:R * t i j.
  by rewrite -(@skew_pair R n p s u M pM one one C i j (x i) (x j)) !one1 !mul1r.
rewrite /qf !bf_blocks; have -> : \sum_i one 0 i / one 0 i * bf (M i) (piece u i e) (piece u i e) = \sum_i q i.
  by apply: eq_bigr => i _; rewrite one1 mul1r.
have -> : \sum_i one 0 i / one 0 i * bf (M i) (piece u i e) (piece u i (C *m e)) = \sum_i \sum_j t i j.
  have -> : \sum_i one 0 i / one 0 i * bf (M i) (piece u i e) (piece u i (C *m e)) = \sum_i \sum_j lin i j.
    by apply: eq_bigr => i _; rewrite one1 mul1r piece_image // bf_sumr.
  have two : 2%:R * (\sum_i \sum_j lin i j) = 2%:R * (\sum_i \sum_j t i j).
    rewrite -[2%:R in LHS]/(1 + 1 : R) mulrDl !mul1r {2}exchange_big -big_split mulr_sumr /=.
    by apply: eq_bigr => i _; rewrite -big_split mulr_sumr; apply: eq_bigr => j _; rewrite -pair.
  by apply: (mulfI _ two); rewrite pnatr_eq0.
have t_le i j : `|t i j| <= r i j * ((q i + q j) / 2%:R).
  have h : t i j ^+ 2 <= r i j ^+ 2 * (q i * q j) := residual i j (x i) (x j).
  have w z : z ^+ 2 <= r i j ^+ 2 * (q i * q j) -> z <= r i j * ((q i + q j) / 2%:R).
    by move=> h2; have := weigh (r0 i j) (q0 i) (q0 j) ltr01 ltr01 h2; rewrite divr1 !mulr1.
  by rewrite ler_norml ler_oppl w ?w // sqrrN.
apply: (le_trans (ler_norm_sum _ _ _)).
apply: (@le_trans _ _ (\sum_i \sum_j r i j * ((q i + q j) / 2%:R))).
  by apply: ler_sum => i _; apply: (le_trans (ler_norm_sum _ _ _)); apply: ler_sum => j _.
have -> : \sum_i \sum_j r i j * ((q i + q j) / 2%:R) = \sum_i (\sum_j r i j) * q i.
  pose g i j := r i j * q i / 2%:R.
  have -> : \sum_i \sum_j r i j * ((q i + q j) / 2%:R) = \sum_i \sum_j g i j + \sum_i \sum_j g j i.
    rewrite -big_split; apply: eq_bigr => i _; rewrite -big_split; apply: eq_bigr => j _ /=.
    by rewrite /g (rC j i); field.
  rewrite [X in _ + X]exchange_big -big_split /=; apply: eq_bigr => i _.
  by rewrite -big_split mulr_suml; apply: eq_bigr => j _; rewrite /g /=; field.
by rewrite mulr_sumr; apply: ler_sum => i _; apply: ler_wpmul2r.
Qed.

End Residual.

(** Slopes of psi reach this far from 0. *)
Definition reach' N := qmax (qabs (low' N)) (qabs (high' N)).

Definition driven_W N := mscale (high N) (weights N).
Definition driven_K N := mscale (reach' N) (nonlinear_matrix N).
Definition driven_bound N := madd (mabs (driven_W N)) (mabs (driven_K N)).

Definition alone_ a := let one := constant (size (parts a)) q1 in Assembly (parts a) one one [::] [::].

Section Programs.
Variables (propose : proposer) (N : network) (a : assembly) (J : gauge).
Variables (ups downs floors : seq vector).
Local Notation n := (units N).
Local Notation p := (size (parts a)).
Local Notation y := (columns a).
Local Notation x := (rows a).
Local Notation gs := (cut_gauges a J).
Local Notation L := (coupled_matrix N).

(** |B|^2 <= max_i (B y)_i / x_i  max_j (B^T x)_j / y_j. *)
Definition square_norm B :=
  qmul (largest (map (fun i => qmul (row_sum p B y i) (qinv (entry x i))) (iota 0 p)))
       (largest (map (fun j => qmul (row_sum p (mtr p B) x j) (qinv (entry y j))) (iota 0 p))).

Definition cut_shown :=
  [&& partitions n (parts a), positives p y, positives p x, cuts n a J &
      all (fun i => roots_shown a gs ups downs i &&
        inverse_roots (size (part_ (parts a) i)) (floor (nth no_gauge gs i)) (floor_ floors i)) (iota 0 p)].

Definition driven_shown S omega :=
  [&& pairs_ a (fun i j => qle q0 (at_ S i j) && (entry_gain a ups downs (driven_bound N) (at_ S i j) i j ||
        norm_gain propose N a gs (driven_W N) (driven_K N) (at_ S i j) i j)),
      qle q0 omega & qle (square_norm S) (square omega)].

Definition coupling_shown B ell :=
  qle q0 ell &&
  (pairs_ a (fun i j => qle q0 (at_ B i j) && entry_gain a ups downs (mabs L) (at_ B i j) i j) &&
      qle (square_norm B) (square ell) ||
   match numerator J, denominator J with Diagonal d, One => norm_below propose N d L ell | _, _ => false end).

Definition skew_shown B r :=
  pairs_ a (fun i j => [&& qle q0 (at_ B i j), qeq (at_ B i j) (at_ B j i) &
    residual_below propose (alone_ a) gs floors L (at_ B i j) i j]) &&
  all (fun i => qle (row_sum p B (constant p q1) i) r) (iota 0 p).

End Programs.

Section Meaning.
Variables (R : realFieldType) (propose : proposer) (N : network) (a : assembly) (J : gauge).
Variables (ups downs floors : seq vector).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).
Local Notation p := (size (parts a)).
Local Notation n := (units N).
Local Notation s := (@size_ (parts a)).
Hypothesis ok : sensible N.
Variable M : 'M[R]_n.
Hypotheses (known : gauges J M) (shown : cut_shown N a J ups downs floors).

Let whole : partitions n (parts a). Proof. by have /and5P[] := shown. Qed.
Variable k0 : 'I_n.
Local Notation u := (@unit_ n k0 (parts a)).
Local Notation block := (Components.block (R := R) u).
Let uP := parts_components k0 whole.
Let cutP : cuts n a J. Proof. by have /and5P[] := shown. Qed.
Let ME := own_joint whole k0 known cutP.
Let y0 : positive (rv p (columns a)). Proof. by have /and5P[_ /(@weightsP R)] := shown. Qed.
Let x0 : positive (rv p (rows a)). Proof. by have /and5P[_ _ /(@weightsP R)] := shown. Qed.
Local Notation Mi := (own k0 M).
Let known_ (i : 'I_p) : gauges (nth no_gauge (cut_gauges a J) i) (Mi i).
Proof. by rewrite cut_nth; apply: cut_known. Qed.
Let measured (i : 'I_p) :
  bounded (lowest (nth no_gauge (cut_gauges a J) i)) (highest (nth no_gauge (cut_gauges a J) i)) (Mi i).
Proof. by have [] := known_ i. Qed.
Let pMi (i : 'I_p) : posdef (Mi i). Proof. by have [] := measured i. Qed.
Let roots_ (i : 'I_p) : roots_shown a (cut_gauges a J) ups downs i.
Proof. by have /and5P[_ _ _ _ /all_parts h] := shown; have /andP[] := h i. Qed.
Let floors_ (i : 'I_p) : inverse_roots (s i) (floor (nth no_gauge (cut_gauges a J) i)) (floor_ floors i).
Proof. by have /and5P[_ _ _ _ /all_parts h] := shown; have /andP[] := h i. Qed.

(** The part of the right-hand side that goes through activations. *)
Definition driven : family R n := fun X => match side N with
  | Outside => exists d d', [/\ slopes (qr (low N)) (qr (high N)) d, slopes (qr (low' N)) (qr (high' N)) d' &
      X = W_ R N *m diag_mx d + K_ R N *m diag_mx d']
  | Inside => exists2 d, slopes (qr (low N)) (qr (high N)) d & X = diag_mx d *m W_ R N
  end.

Lemma linear_driven A : linear R N A -> exists2 X, driven X & A = X + L_ R N - 1%:M.
Proof.
rewrite /linear /driven; case: (side N) => [[d [d' [sd sd' ->]]]|[d sd ->]].
  exists (W_ R N *m diag_mx d + K_ R N *m diag_mx d'); first by exists d, d'.
  by congr (_ - _); apply: addrAC.
by exists (diag_mx d *m W_ R N); [exists d |].
Qed.

(** Norms of a matrix of norms. *)
Lemma square_normP (F : family R n) B c : (forall i j : 'I_p, 0 <= mx p p B i j) ->
  (forall A, F A -> forall (i j : 'I_p) e, qf (Mi i) (block i j A *m e) <= mx p p B i j ^+ 2 * qf (Mi j) e) ->
  qle (square_norm a B) (square c) -> shrinks F M (qr c).
Proof.
move=> B0 gain; rewrite -(qr_le R) !qrM -expr2 => le.
have ge (f : nat -> quotient) (i : 'I_p) : qr (f i) <= qr (largest (map f (iota 0 p))).
  apply: largest_ge; have : (i : nat) \in iota 0 p by rewrite mem_iota add0n ltn_ord.
  by elim: (iota 0 p) => //= j js IH; rewrite inE => /orP[/eqP->|/IH]; [left | right].
rewrite ME; apply: (norm_of_norms uP pMi x0 y0 B0 _ gain _ _ le); first exact: largest_ge0.
  move=> i; have := ge (fun i => qmul (row_sum p B (columns a) i) (qinv (entry (rows a) i))) i.
  by rewrite qrM qr_inv -rv_at // ler_pdivr_mulr // (@row_sum_rect R p p).
move=> j; have := ge (fun j => qmul (row_sum p (mtr p B) (rows a) j) (qinv (entry (columns a) j))) j.
rewrite qrM qr_inv -rv_at // ler_pdivr_mulr // (@row_sum_rect R p p) mxT; apply: le_trans.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _; rewrite mxE.
Qed.

Let block0 (i j : 'I_p) : block i j 0 = 0. Proof. by rewrite /Components.block mulmx0 mul0mx. Qed.

Lemma reachP d : slopes (qr (low' N)) (qr (high' N)) d -> forall b : 'I_n, `|d 0 b| <= qr (reach' N).
Proof.
move=> sd b; have /andP[l g] := sd b; have [ml mg] := qr_max R (qabs (low' N)) (qabs (high' N)).
rewrite !qr_abs in ml mg; rewrite ler_norml; apply/andP; split.
  by rewrite ler_oppl; apply: le_trans ml; rewrite -normrN; apply: le_trans (ler_norm _); rewrite ler_opp2.
by apply: (le_trans g); apply: le_trans (ler_norm _) mg.
Qed.

Lemma driven_size S omega : driven_shown propose N a J ups downs S omega -> shrinks driven M (qr omega).
Proof.
case/and3P=> /pairsP each o0; have S0 (i j : 'I_p) : 0 <= mx p p S i j.
  by have /andP[/(qr_nonneg R)] := each i j; rewrite at_mx.
apply: square_normP => // X dX i j e; rewrite -[block i j X]subr0 -(block0 i j) -at_mx.
have /andP[_ /orP[g|g]] := each i j.
  apply: (entry_gainP whole k0 measured (F := driven) (C := 0) (roots_ i) (roots_ j) g _ dX) => {dX} A + b c.
  have [l0 lg _ _] := sensible_facts R ok.
  have -> : A b c - (0 : 'M[R]_n) b c = A b c by rewrite [X in _ - X]mxE subr0.
  have -> : mx n n (driven_bound N) b c = `|qr (high N)| * `|W_ R N b c| + `|qr (reach' N)| * `|K_ R N b c|.
    by rewrite /driven_bound mxD [LHS]mxE !mx_abs !mxZ [X in `|X| + _]mxE [X in _ + `|X|]mxE !normrM.
  have hg d : slopes (qr (low N)) (qr (high N)) d -> forall k : 'I_n, `|d 0 k| <= `|qr (high N)|.
    move=> sd k; have /andP[ld dg] := sd k; rewrite !ger0_norm //; first exact: le_trans lg.
    exact: le_trans ld.
  rewrite /driven; move: (W_ R N) (K_ R N) => W K; case: (side N) => [[d [d' [sd sd' ->]]]|[d sd ->]].
    rewrite !mul_mx_diag !mxE; apply: (le_trans (ler_norm_add _ _)).
    rewrite (normrM (W b c)) (normrM (K b c)) (mulrC `|W b c|) (mulrC `|K b c|); apply: ler_add;
      apply: ler_wpmul2r => //; first exact: (hg d sd).
    by apply: le_trans (reachP sd' c) (ler_norm _).
  rewrite mul_diag_mx !mxE normrM; apply: ler_paddr; first by rewrite mulr_ge0.
  by apply: ler_wpmul2r => //; apply: (hg d sd).
have /andP[_ down] := roots_ j; rewrite block0 subr0; apply: (norm_gainP (k0 := k0) whole measured known_ down g).
rewrite /slopes_of; move: dX; rewrite /driven; have [l0 lg _ _] := sensible_facts R ok.
have small d : slopes (qr (low N)) (qr (high N)) d ->
    exists2 d1 : 'rV[R]_n, (forall b, `|d1 0 b| <= 1) & d = qr (high N) *: d1.
  move=> sd; apply: scale_small => b; have /andP[ld dg] := sd b; rewrite ger0_norm //.
  exact: le_trans ld.
rewrite /driven_W /driven_K !mxZ -/(W_ R N) -/(K_ R N); move: (W_ R N) (K_ R N) => W K.
case: (side N) => [[d [d' [sd sd' ->]]]|[d sd ->]].
  have [d1 h1 ->] := small d sd; have [d2 h2 ->] := scale_small (reachP sd').
  exists (row_piece u j d1), (row_piece u j d2); split=> [b|b|]; rewrite ?mxE //.
  rewrite -!block_diagr -blockD; congr (Components.block u i j _); apply/matrixP => b c.
  by rewrite !mul_mx_diag !mxE; entries R; ring.
have [d1 h1 ->] := small d sd; exists (row_piece u i d1) => [b|]; first by rewrite mxE.
rewrite -block_diagl; congr (Components.block u i j _); apply/matrixP => b c.
by rewrite !mul_diag_mx !mxE; entries R; ring.
Qed.

Lemma coupling_size B ell : coupling_shown propose N a J ups downs B ell ->
  forall e, qf M (L_ R N *m e) <= qr ell ^+ 2 * qf M e.
Proof.
case/andP=> l0 /orP[/andP[/pairsP each le]|].
  have B0 (i j : 'I_p) : 0 <= mx p p B i j by have /andP[/(qr_nonneg R)] := each i j; rewrite at_mx.
  suff h : shrinks (fun A => A = L_ R N) M (qr ell) by move=> e; apply: h.
  apply: square_normP le => // A -> i j e; have /andP[_ g] := each i j.
  rewrite -[block i j _]subr0 -(block0 i j) -at_mx.
  apply: (entry_gainP whole k0 measured (F := fun A => A = L_ R N) (C := 0) (roots_ i) (roots_ j) g) => // X -> b c.
  by rewrite [X in _ - X]mxE subr0 mx_abs.
move: known; rewrite /gauges; case: (numerator J) => [|d|A]; case: (denominator J) => [|d'|A'] // known' h e.
have -> : M = diag_mx (rv n d) by have [_ [_ _ BM _] _ _] := known'; rewrite -[LHS]mul1mx; exact: BM.
exact: (norm_belowP h e).
Qed.

Lemma coupling_skew B r : skew_shown propose N a J floors B r ->
  forall e, `|bf M e (L_ R N *m e)| <= qr r * qf M e.
Proof.
case/andP=> /pairsP each /all_parts sums; rewrite ME.
have oneE : rv p (constant p q1) = const_mx 1 by rewrite constantE qr1.
apply: (residual_total uP pMi (r := mx p p B)) => [i j|i j|i j|i].
- by have /and3P[/(qr_nonneg R)] := each i j; rewrite at_mx.
- by have /and3P[_ /(@qeqP R)] := each i j; rewrite !at_mx.
- have /and3P[_ _ h] := each i j; rewrite -at_mx -oneE.
  have one0 : positive (rv p (constant p q1)) by move=> k; rewrite oneE mxE ltr01.
  exact: (@residualP R propose N (alone_ a) whole k0 (cut_gauges a J) floors Mi measured known_ _ _ i j one0
    (floors_ i) (floors_ j) h).
have := sums i; rewrite -(qr_le R) (@row_sum_rect R p p) oneE; apply: le_trans.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => j _; rewrite mxE mulr1.
Qed.

End Meaning.
