(** Two units, slopes in [0, g], no couplings, one time constant: whether a constant metric exists, exactly (Swift:
    [TwoUnits]; theory 2). With gW = [[a, b], [c, d]], D = (1 - a)(1 - d) - bc and M = [[1, m], [m, k]] it does iff

        (kc + am)^2 < 4 (1 - a)(k - m^2)    (b + dm)^2 < 4 (1 - d)(k - m^2)    (b + dm - kc - am)^2 < 4 D (k - m^2)

    for some m and k > m^2; without self-weights iff -4 < bc < 1. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer VertexLMI Instability FormRates Theorem7.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section TwoUnits.
Variable R : realFieldType.
Implicit Types (a b c d g k m p q s x y : R).

(** ** Forms of two variables *)

Lemma positive_form p q s : 0 < p -> q ^+ 2 < 4%:R * p * s ->
  forall x y, (x != 0) || (y != 0) -> 0 < p * x ^+ 2 + q * (x * y) + s * y ^+ 2.
Proof.
move=> p0 disc x y xy; rewrite -subr_gt0 in disc; have p4 : 0 < 4%:R * p by rewrite mulr_gt0 ?ltr0n.
rewrite -(pmulr_rgt0 _ p4); have -> : 4%:R * p * (p * x ^+ 2 + q * (x * y) + s * y ^+ 2)
  = (2%:R * p * x + q * y) ^+ 2 + (4%:R * p * s - q ^+ 2) * y ^+ 2 by ring.
have [y0|yn] := eqVneq y 0; last first.
  by rewrite ltr_paddl ?sqr_ge0 // mulr_gt0 // lt_neqAle eq_sym sqrf_eq0 yn sqr_ge0.
move: xy; rewrite y0 eqxx orbF => xn; rewrite expr0n mulr0 addr0 mulr0 addr0.
by rewrite lt_neqAle eq_sym sqrf_eq0 sqr_ge0 !mulf_neq0 ?pnatr_eq0 // gt_eqF.
Qed.

Lemma positive_form_only p q s : (forall x y, (x != 0) || (y != 0) -> 0 < p * x ^+ 2 + q * (x * y) + s * y ^+ 2) ->
  0 < p /\ q ^+ 2 < 4%:R * p * s.
Proof.
move=> pos; have p0 : 0 < p.
  have := pos 1 0; rewrite oner_neq0 => /(_ isT).
  by have -> : p * 1 ^+ 2 + q * (1 * 0) + s * 0 ^+ 2 = p by ring.
split=> //; have := pos q (- (2%:R * p)); rewrite oppr_eq0 mulf_neq0 ?pnatr_eq0 ?(gt_eqF p0) ?orbT // => /(_ isT).
have -> : p * q ^+ 2 + q * (q * - (2%:R * p)) + s * (- (2%:R * p)) ^+ 2 = p * (4%:R * p * s - q ^+ 2) by ring.
by rewrite pmulr_rgt0 // subr_gt0.
Qed.

Lemma positive_by (s x : R) : 0 < s -> x = s -> 0 < x.
Proof. by move=> s0 ->. Qed.

Variables (g w11 w12 w21 w22 : R).
Hypothesis g0 : 0 <= g.
Let W := mx2 w11 w12 w21 w22.
Let a := g * w11. Let b := g * w12. Let c := g * w21. Let d := g * w22.
Let determinant := (1 - a) * (1 - d) - b * c.

(** The three inequalities. *)
Definition two_units m k := [/\ m ^+ 2 < k, (k * c + a * m) ^+ 2 < 4%:R * (1 - a) * (k - m ^+ 2),
  (b + d * m) ^+ 2 < 4%:R * (1 - d) * (k - m ^+ 2) &
  (b + d * m - k * c - a * m) ^+ 2 < 4%:R * determinant * (k - m ^+ 2)].

Lemma jacobian (s : 'rV[R]_2) :
  W *m diag_mx s + 0 - 1%:M = mx2 (w11 * s 0 0 - 1) (w12 * s 0 1) (w21 * s 0 0) (w22 * s 0 1 - 1).
Proof.
rewrite addr0; apply/matrixP => i j; rewrite mul_mx_diag !mxE.
case: i => [[|[|//]] ?]; case: j => [[|[|//]] ?] /=; rewrite ?subr0; congr (_ * s 0 _ - _) || congr (_ * s 0 _);
  exact: val_inj.
Qed.

Lemma form2 m k x11 x12 x21 x22 (e : 'cV[R]_2) :
  bf (mx2 1 m m k) e (mx2 x11 x12 x21 x22 *m e)
  = - ((- x11 - m * x21) * e 0 0 ^+ 2 + (- x12 - m * x22 - m * x11 - k * x21) * (e 0 0 * e 1 0)
       + (- m * x12 - k * x22) * e 1 0 ^+ 2).
Proof. by rewrite -bf_mul /bf dot2 !mxE !sum2 !mxE !sum2 !mxE /=; entries R; ring. Qed.

Lemma nonzero (e : 'cV[R]_2) : (e != 0) = (e 0 0 != 0) || (e 1 0 != 0).
Proof.
apply/idP/idP => [e0|/orP[]]; last 2 first.
- by apply: contraNneq => ->; rewrite mxE.
- by apply: contraNneq => ->; rewrite mxE.
apply: contraNT e0; rewrite negb_or !negbK => /andP[/eqP e0 /eqP e1]; apply/eqP/colP => i; rewrite [RHS]mxE.
by case: i => [[|[|//]] ?]; [rewrite -e0 | rewrite -e1]; congr (e _ 0); apply: val_inj.
Qed.

Lemma posdef2 m k : posdef (mx2 1 m m k) <-> m ^+ 2 < k.
Proof.
have fE (e : 'cV[R]_2) : qf (mx2 1 m m k) e = 1 * e 0 0 ^+ 2 + (2%:R * m) * (e 0 0 * e 1 0) + k * e 1 0 ^+ 2.
  by rewrite /qf /bf dot2 !mxE !sum2 !mxE /=; entries R; ring.
have discE : ((2%:R * m) ^+ 2 < 4%:R * 1 * k) = (m ^+ 2 < k).
  by rewrite exprMn mulr1 (_ : 2%:R ^+ 2 = 4%:R) ?ltr_pmul2l ?ltr0n //; ring.
split=> [[_ pos]|mk].
  rewrite -discE; apply: (proj2 (positive_form_only (s := k) (q := 2%:R * m) (p := 1) _)) => x y xy.
  have := pos (cv2 x y); rewrite nonzero fE !mxE /=; exact.
split=> [|e]; last by rewrite nonzero fE; apply: positive_form; rewrite ?ltr01 ?discE.
by apply/matrixP => i j; rewrite !mxE; case: (i == 0); case: (j == 0).
Qed.

Theorem two_units_only M lam : 0 < lam -> certifies (outside 0 g W 0) M lam -> exists m k, two_units m k.
Proof.
move=> l0 [pM dec]; pose p := M 0 0.
have p0 : 0 < p.
  have := pM.2 (cv2 1 0); rewrite nonzero !mxE oner_neq0 => /(_ isT).
  by rewrite /qf /bf dot2 !mxE !sum2 !mxE /= !(mulr0, mul1r, mul0r, mulr1, addr0).
have pn : p != 0 by rewrite gt_eqF.
have pM' : posdef (p^-1 *: M) by apply: posdef_scale; rewrite ?invr_gt0.
have dec' : decays (outside 0 g W 0) (p^-1 *: M) lam by apply: decays_scale dec; rewrite invr_ge0 ltW.
pose m := p^-1 * M 0 1; pose k := p^-1 * M 1 1.
have eM : p^-1 *: M = mx2 1 m m k.
  have s10 : M 1 0 = M 0 1 by rewrite -[in LHS](posdef_symmetric pM) mxE.
  apply/matrixP => i j; rewrite !mxE; case: i => [[|[|//]] ?]; case: j => [[|[|//]] ?] /=.
  - by rewrite -[RHS](mulVf pn); congr (_ * M _ _); apply: val_inj.
  - by congr (_ * M _ _); apply: val_inj.
  - by rewrite /m -s10; congr (_ * M _ _); apply: val_inj.
  - by congr (_ * M _ _); apply: val_inj.
rewrite eM in pM' dec'; have mk : m ^+ 2 < k by apply/posdef2.
have pos d0 d1 : 0 <= d0 <= g -> 0 <= d1 <= g -> forall x y, (x != 0) || (y != 0) ->
    0 < (1 - w11 * d0 - m * (w21 * d0)) * x ^+ 2
      + (m - w12 * d1 - m * (w22 * d1) + m - m * (w11 * d0) - k * (w21 * d0)) * (x * y)
      + (k - m * (w12 * d1) - k * (w22 * d1)) * y ^+ 2.
  move=> h0 h1 x y xy; have e0 : cv2 x y != 0 by rewrite nonzero !mxE.
  have FA : outside 0 g W 0 (mx2 (w11 * d0 - 1) (w12 * d1) (w21 * d0) (w22 * d1 - 1)).
    exists (rv2 d0 d1) => [i|]; last by rewrite jacobian !mxE.
    by rewrite mxE; case: (i == 0).
  have := dec' _ FA (cv2 x y); rewrite form2 ler_opp2 !mxE /= => h.
  apply: (@lt_le_trans _ _ (lam * qf (mx2 1 m m k) (cv2 x y))); first by rewrite mulr_gt0 // pM'.2.
  by apply: (le_trans h); rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
have z0 : 0 <= (0 : R) <= g by rewrite lexx.
have gg : 0 <= g <= g by rewrite lexx g0.
exists m, k; split=> //.
- have [_] := positive_form_only (pos g 0 gg z0); rewrite -subr_gt0 => h; rewrite -subr_gt0.
  by apply: (positive_by h); rewrite /a /c; ring.
- have [_] := positive_form_only (pos 0 g z0 gg); rewrite -subr_gt0 => h; rewrite -subr_gt0.
  by apply: (positive_by h); rewrite /b /d; ring.
- have [_] := positive_form_only (pos g g gg gg); rewrite -subr_gt0 => h; rewrite -subr_gt0.
  by apply: (positive_by h); rewrite /determinant /a /b /c /d; ring.
Qed.

(** Positive where the discriminant and the trace against M are: for the slopes (g, g). *)
Lemma positive_corner m k p q s : m ^+ 2 < k -> q ^+ 2 < 4%:R * p * s -> 0 < k * p + s - m * q -> 0 < p.
Proof.
move=> mk disc tr; have k0 : 0 < k by apply: le_lt_trans mk; apply: sqr_ge0.
have ps : 0 < p * s.
  by rewrite -(pmulr_rgt0 _ (ltr0n R 4 : 0 < 4%:R)) mulrA; apply: le_lt_trans disc; apply: sqr_ge0.
rewrite ltNge; apply/negP => p0; have s0 : s < 0.
  rewrite ltNge; apply/negP => s0; have := lt_le_trans ps (mulr_le0_ge0 p0 s0); by rewrite ltxx.
have neg : k * p + s < 0 by apply: ltr_le_add s0 _ || rewrite addrC; apply: ltr_naddr => //; apply: mulr_ge0_le0 => //;
  apply: ltW.
have : (m * q) ^+ 2 < (k * p + s) ^+ 2.
  rewrite exprMn; apply: (@le_lt_trans _ _ (k * q ^+ 2)); first by rewrite ler_wpmul2r ?sqr_ge0 // ltW.
  apply: (@lt_le_trans _ _ (k * (4%:R * p * s))); first by rewrite ltr_pmul2l.
  by apply: (le_by (s := (k * p - s) ^+ 2)); [ring | apply: sqr_ge0].
rewrite -(sqrrN (k * p + s)) -[X in X < _]real_normK ?num_real // ltr_sqr ?nnegrE ?oppr_ge0 ?(ltW neg) // => h.
move: tr; apply/negP; rewrite -leNgt subr_le0; apply: ltW; have := ler_norm (- (m * q)); rewrite normrN => h2.
by rewrite -ltr_opp2; apply: le_lt_trans h2 h.
Qed.

(** A form that is negative along all directions leaves a rate. *)
Lemma rate_of m k (X : 'M[R]_2) : m ^+ 2 < k ->
  (forall e, e != 0 -> bf (mx2 1 m m k) e (X *m e) < 0) ->
  exists2 t, 0 < t & forall lam, 0 <= lam <= t -> forall e, bf (mx2 1 m m k) e (X *m e) <= - (lam * qf (mx2 1 m m k) e).
Proof.
move=> mk neg; have pM : posdef (mx2 1 m m k) by apply/posdef2.
pose N := - (mx2 1 m m k *m X + X^T *m mx2 1 m m k).
have NE e : qf N e = - (2%:R * bf (mx2 1 m m k) e (X *m e)).
  by rewrite /qf bfMN bfMD bf_mul bf_mulT (bfC (X *m e) _ pM.1) mulr2n mulrDl mul1r.
have pN : posdef N.
  split=> [|e e0]; last by rewrite NE oppr_gt0 pmulr_rlt0 ?ltr0n // neg.
  by rewrite /symmetric /N linearN linearD /= !trmx_mul trmxK pM.1 addrC.
have [u u0 hu] := form_bounded (mx2 1 m m k) pN; pose t := (2%:R * (u + 1))^-1.
have u1 : 0 < u + 1 by rewrite ltr_spaddr ?ltr01.
have t0 : 0 < t by rewrite invr_gt0 mulr_gt0 ?ltr0n.
exists t => // lam /andP[l0 lt] e.
have q0 := posdef_nonneg pM e; have n0 := posdef_nonneg pN e.
have h1 : qf (mx2 1 m m k) e <= (u + 1) * qf N e.
  apply: (le_trans (ler_norm _)); apply: (le_trans (hu e)); apply: ler_wpmul2r => //.
  by rewrite ler_addl ler01.
have h2 : lam * qf (mx2 1 m m k) e <= t * ((u + 1) * qf N e).
  by apply: (le_trans (ler_wpmul2r q0 lt)); apply: ler_wpmul2l h1; apply: ltW.
have h3 : t * ((u + 1) * qf N e) = - bf (mx2 1 m m k) e (X *m e).
  by rewrite NE /t; field; rewrite gt_eqF.
by rewrite h3 in h2; rewrite ler_oppr.
Qed.

Theorem two_units_enough m k : two_units m k -> exists2 lam, 0 < lam & certifies (outside 0 g W 0) (mx2 1 m m k) lam.
Proof.
case=> mk h1 h2 h3; have pM : posdef (mx2 1 m m k) by apply/posdef2.
have k0 : 0 < k by apply: le_lt_trans mk; apply: sqr_ge0.
have z : 0 < k - m ^+ 2 by rewrite subr_gt0.
have sign x t : x ^+ 2 < 4%:R * t * (k - m ^+ 2) -> 0 < t.
  by move/(le_lt_trans (sqr_ge0 x)); rewrite pmulr_lgt0 // pmulr_rgt0 ?ltr0n.
have a1 : 0 < 1 - a := sign _ _ h1; have b1 : 0 < 1 - d := sign _ _ h2.
rewrite -subr_gt0 in h1; rewrite -subr_gt0 in h2; rewrite -subr_gt0 in h3.
pose A d0 d1 : 'M[R]_2 := mx2 (w11 * d0 - 1) (w12 * d1) (w21 * d0) (w22 * d1 - 1).
pose P x := - (w11 * x - 1) - m * (w21 * x).
pose Q x y := - (w12 * y) - m * (w22 * y - 1) - m * (w11 * x - 1) - k * (w21 * x).
pose S y := - m * (w12 * y) - k * (w22 * y - 1).
have neg x y : 0 < P x -> Q x y ^+ 2 < 4%:R * P x * S y -> forall e, e != 0 -> bf (mx2 1 m m k) e (A x y *m e) < 0.
  by move=> p0 disc e e0; rewrite form2 oppr_lt0; apply: (positive_form p0 disc); rewrite -nonzero.
have n00 : forall e, e != 0 -> bf (mx2 1 m m k) e (A 0 0 *m e) < 0.
  apply: neg; first by apply: (positive_by ltr01); rewrite /P; ring.
  by rewrite -subr_gt0; apply: (positive_by (mulr_gt0 (ltr0n R 4 : 0 < 4%:R) z)); rewrite /P /Q /S; ring.
have n01 : forall e, e != 0 -> bf (mx2 1 m m k) e (A 0 g *m e) < 0.
  apply: neg; first by apply: (positive_by ltr01); rewrite /P; ring.
  by rewrite -subr_gt0; apply: (positive_by h2); rewrite /P /Q /S /b /d; ring.
have disc10 : Q g 0 ^+ 2 < 4%:R * P g * S 0.
  by rewrite -subr_gt0; apply: (positive_by h1); rewrite /P /Q /S /a /c; ring.
have n10 : forall e, e != 0 -> bf (mx2 1 m m k) e (A g 0 *m e) < 0.
  apply: neg => //; have s0 : 0 < S 0 by apply: (positive_by k0); rewrite /S; ring.
  have := le_lt_trans (sqr_ge0 _) disc10; rewrite pmulr_lgt0 // pmulr_rgt0 ?ltr0n //.
have disc11 : Q g g ^+ 2 < 4%:R * P g * S g.
  by rewrite -subr_gt0; apply: (positive_by h3); rewrite /P /Q /S /determinant /a /b /c /d; ring.
have n11 : forall e, e != 0 -> bf (mx2 1 m m k) e (A g g *m e) < 0.
  apply: neg => //; apply: (positive_corner mk disc11).
  by apply: (positive_by (mulr_gt0 z (addr_gt0 a1 b1))); rewrite /P /Q /S /a /d; ring.
have [t00 p00 r00] := rate_of mk n00; have [t01 p01 r01] := rate_of mk n01.
have [t10 p10 r10] := rate_of mk n10; have [t11 p11 r11] := rate_of mk n11.
pose lam := Num.min (Num.min t00 t01) (Num.min t10 t11).
have l0 : 0 < lam by rewrite /lam !lt_minr p00 p01 p10 p11.
have low t : lam <= t -> 0 <= lam <= t by move=> ->; rewrite ltW.
exists lam => //; split=> // _ [s ss ->] e; rewrite jacobian -/(A _ _).
have affine : affine_in_slopes (fun s : 'rV[R]_2 => A (s 0 0) (s 0 1)).
  by move=> s1 s2 t; have := affine_outside W 0 s1 s2 t; rewrite !jacobian.
pose f (s : 'rV[R]_2) := bf (mx2 1 m m k) e (A (s 0 0) (s 0 1) *m e) + lam * qf (mx2 1 m m k) e.
suff : f s <= 0 by rewrite /f -ler_subr_addr sub0r.
move: ss; apply: vertices_decide => [s1 s2 t _|active].
  by rewrite le_eqVlt /f affine mulmxDl -!scalemxAl bfDr !bfZr; apply/orP; left; apply/eqP; ring.
rewrite /f !mxE -ler_subr_addr sub0r; case: (active 0); case: (active 1).
- by apply: r11; apply: low; rewrite /lam !le_minl lexx ?orbT.
- by apply: r10; apply: low; rewrite /lam !le_minl lexx ?orbT.
- by apply: r01; apply: low; rewrite /lam !le_minl lexx ?orbT.
- by apply: r00; apply: low; rewrite /lam !le_minl lexx ?orbT.
Qed.

(** Both forms. *)
Theorem two_units_exact : (exists2 lam, 0 < lam & has_rate (outside 0 g W 0) lam) <-> exists m k, two_units m k.
Proof.
split=> [[lam l0 [M cert]]|[m [k h]]]; first exact: two_units_only l0 cert.
by have [lam l0 cert] := two_units_enough h; exists lam => //; exists (mx2 1 m m k).
Qed.

Theorem two_units_inside : (exists2 lam, 0 < lam & has_rate (inside 0 g W 0) lam) <-> exists m k, two_units m k.
Proof.
have half (lam : R) : 0 < lam -> 0 < lam / 2%:R /\ lam / 2%:R < lam.
  move=> l0; have h : 0 < lam / 2%:R by rewrite divr_gt0 ?ltr0n.
  by split=> //; rewrite -subr_gt0; apply: (positive_by h); field.
rewrite -two_units_exact; split=> -[lam l0 rate]; have [h0 h1] := half lam l0; exists (lam / 2%:R) => //.
  by have [] := same_rates_inside g0 h1 rate.
by have [] := same_rates g0 h1 rate.
Qed.

(** Without self-weights: -4 < g^2 w12 w21 < 1. *)
Theorem two_plain_units : w11 = 0 -> w22 = 0 ->
  (exists m k, two_units m k) <-> - 4%:R < g ^+ 2 * w12 * w21 < 1.
Proof.
move=> z1 z2; have a0 : a = 0 by rewrite /a z1 mulr0.
have d0 : d = 0 by rewrite /d z2 mulr0.
have bcE : g ^+ 2 * w12 * w21 = b * c by rewrite /b /c; ring.
rewrite bcE; split=> [[m [k [mk h1 h2 h3]]]|/andP[low high]].
  have z : 0 < k - m ^+ 2 by rewrite subr_gt0.
  have k0 : 0 < k by apply: le_lt_trans mk; apply: sqr_ge0.
  apply/andP; split; last first.
    have := le_lt_trans (sqr_ge0 _) h3; rewrite pmulr_lgt0 // pmulr_rgt0 ?ltr0n //.
    by rewrite /determinant a0 d0 subr0 mulr1 subr_gt0.
  rewrite ltNge; apply/negP => bc4.
  rewrite a0 mul0r addr0 subr0 mulr1 in h1; rewrite d0 mul0r addr0 subr0 mulr1 in h2.
  have m0 := sqr_ge0 m; set z4 := 4%:R * (k - m ^+ 2) in h1 h2.
  have zk : z4 <= 4%:R * k by rewrite ler_pmul2l ?ltr0n // ler_subl_addr ler_addl.
  have prod : (k * c) ^+ 2 * b ^+ 2 < z4 * z4 by apply: ltr_pmul; rewrite ?sqr_ge0.
  have : z4 * z4 <= (4%:R * k) * (4%:R * k) by apply: ler_pmul => //; rewrite mulr_ge0 ?ler0n // ltW.
  move/(lt_le_trans prod); apply/negP; rewrite -leNgt.
  apply: (le_by (s := k ^+ 2 * ((- 4%:R - b * c) * (4%:R - b * c)))); first by ring.
  apply: mulr_ge0; first exact: sqr_ge0.
  apply: mulr_ge0; first by rewrite subr_ge0.
  rewrite subr_ge0; apply: (le_trans bc4); apply: (@le_trans _ _ 0); by rewrite ?oppr_le0 ler0n.
have enough k : 0 < k -> k * c ^+ 2 < 4%:R -> b ^+ 2 < 4%:R * k -> (b + k * c) ^+ 2 < 4%:R * k ->
    exists m k, two_units m k.
  move=> k0 hc hb hbc; exists 0, k; rewrite /two_units /determinant a0 d0.
  rewrite -subr_gt0 in hc; rewrite -subr_gt0 in hb; rewrite -subr_gt0 in hbc.
  split; rewrite -subr_gt0; [by apply: (positive_by k0); ring | | by apply: (positive_by hb); ring
    | by apply: (positive_by hbc); ring].
  by apply: (positive_by (mulr_gt0 k0 hc)); ring.
have sq1 x : 0 < x ^+ 2 + 1 by rewrite ltr_paddl ?sqr_ge0 ?ltr01.
have four : 1 < 4%:R :> R by rewrite ltr1n.
have [b0|bn] := eqVneq b 0.
  apply: (enough (c ^+ 2 + 1)^-1); first by rewrite invr_gt0.
  - by apply: lt_trans four; rewrite mulrC ltr_pdivr_mulr // mul1r ltr_addl ltr01.
  - by rewrite b0 expr0n mulr_gt0 ?ltr0n // invr_gt0.
  rewrite b0 add0r exprMn -subr_gt0.
  apply: (positive_by (s := (c ^+ 2 + 1)^-1 ^+ 2 * (3%:R * c ^+ 2 + 4%:R))).
    by rewrite mulr_gt0 ?exprn_gt0 ?invr_gt0 // ltr_paddl ?ltr0n // mulr_ge0 ?ler0n ?sqr_ge0.
  by field; rewrite gt_eqF.
have [c0|cn] := eqVneq c 0.
  have b4 : b ^+ 2 < 4%:R * (b ^+ 2 + 1).
    rewrite -subr_gt0; apply: (positive_by (s := 3%:R * b ^+ 2 + 4%:R)); last by ring.
    by apply: ltr_paddl; rewrite ?ltr0n // mulr_ge0 ?ler0n ?sqr_ge0.
  by apply: (enough (b ^+ 2 + 1)); rewrite // c0 ?mulr0 ?addr0 // expr0n mulr0 ltr0n.
have B0 : 0 < `|b| by rewrite normr_gt0.
have C0 : 0 < `|c| by rewrite normr_gt0.
have Cn : `|c| != 0 by rewrite gt_eqF.
have b2 : b ^+ 2 = `|b| ^+ 2 by rewrite real_normK ?num_real.
have c2 : c ^+ 2 = `|c| ^+ 2 by rewrite real_normK ?num_real.
have bc : `|b| * `|c| < 4%:R.
  by rewrite -(normrM b c) ltr_norml low /=; apply: lt_trans high four.
rewrite -subr_gt0 in bc; have kc : 0 < `|b| / `|c| by rewrite divr_gt0.
apply: (enough (`|b| / `|c|)) => //.
- by rewrite c2 -subr_gt0; apply: (positive_by bc); field.
- rewrite b2 -subr_gt0; apply: (positive_by (mulr_gt0 kc bc)); by field.
rewrite -subr_gt0; have -> : 4%:R * (`|b| / `|c|) - (b + `|b| / `|c| * c) ^+ 2
    = 2%:R * (`|b| / `|c|) * (2%:R - (`|b * c| + b * c)).
  have -> : (b + `|b| / `|c| * c) ^+ 2 = b ^+ 2 + 2%:R * (`|b| / `|c|) * (b * c) + (`|b| / `|c|) ^+ 2 * c ^+ 2 by ring.
  by rewrite b2 c2 (normrM b c); field.
apply: mulr_gt0; first by rewrite mulr_gt0 ?ltr0n.
rewrite subr_gt0; case: (lerP 0 (b * c)) => h.
  rewrite (ger0_norm h) -subr_gt0; apply: (positive_by (s := 2%:R * (1 - b * c))); last by ring.
  by rewrite mulr_gt0 ?ltr0n // subr_gt0.
by rewrite (ltr0_norm h) addNr ltr0n.
Qed.

End TwoUnits.

(** An Euler step contracts in M only if the flow does. *)
Theorem euler_needs_flow (R : realFieldType) n (F : family R n) (M : 'M[R]_n) h rho : 0 < h -> 0 <= rho ->
  contracts (euler h F) M rho -> certifies F M ((1 - rho ^+ 2) / (2%:R * h)).
Proof.
move=> h0 r0 [pM sh]; split=> // A FA e.
have EA : euler h F (1%:M + h *: A) by exists A.
have := sh _ EA e; rewrite mulmxDl mul1mx -scalemxAl (qfD _ _ (posdef_symmetric pM)) qfZ bfZr.
have hn : h != 0 by rewrite gt_eqF.
move=> le1; rewrite -subr_ge0 in le1; have sq := posdef_nonneg pM (A *m e).
apply: (le_by (s := (rho ^+ 2 * qf M e - (qf M e + 2%:R * (h * bf M e (A *m e)) + h ^+ 2 * qf M (A *m e))
  + h ^+ 2 * qf M (A *m e)) / (2%:R * h))); first by field.
apply: divr_ge0; last by rewrite mulr_ge0 ?ler0n // ltW.
by apply: addr_ge0 le1 _; apply: mulr_ge0 sq; apply: sqr_ge0.
Qed.
