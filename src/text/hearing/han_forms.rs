//! Traditional Chinese characters as simplified ones, as far as texts about a museum use them.
//!
//! Whisper writes either norm. The pairs are those of the State Council's table of 1964/1986 (part I and II); characters
//! that are missing here are still matched by their sound.

/// Pairs of a traditional and a simplified character.
const PAIRS: &str = "國国 個个 們们 這这 來来 時时 說说 對对 會会 過过 為为 後后 裡里 裏里 開开 見见 長长 東东 車车 馬马 門门 問问 間间 \
     聞闻 風风 飛飞 鳥鸟 魚鱼 龍龙 龜龟 齒齿 黃黄 點点 黨党 齊齐 學学 覺觉 舉举 與与 興兴 舊旧 萬万 華华 葉叶 藝艺 蘭兰 處处 號号 虛虚 \
     術术 衛卫 補补 裝装 製制 復复 複复 規规 視视 親亲 觀观 計计 記记 訪访 設设 許许 訴诉 詩诗 話话 語语 請请 讀读 論论 講讲 識识 譯译 \
     護护 變变 讓让 貝贝 財财 貨货 買买 賣卖 貴贵 費费 資资 賓宾 賞赏 質质 賴赖 贈赠 趕赶 趙赵 跡迹 蹟迹 踐践 軍军 軟软 輕轻 載载 輪轮 \
     轉转 辦办 農农 連连 進进 運运 達达 違违 遠远 適适 選选 遺遗 還还 邊边 鄉乡 鄰邻 醫医 釋释 針针 銀银 銅铜 鐵铁 鋼钢 錢钱 鏡镜 鐘钟 \
     鑄铸 閃闪 閉闭 閱阅 關关 陣阵 陰阴 陽阳 陳陈 陸陆 隊队 階阶 際际 隨随 險险 隱隐 雙双 雜杂 離离 難难 雲云 電电 霧雾 靈灵 靜静 響响 \
     頁页 頂顶 項项 順顺 須须 頭头 題题 額额 顏颜 願愿 類类 顯显 飯饭 館馆 養养 餘余 驗验 體体 髮发 發发 鬥斗 鬧闹 鹽盐 麗丽 麥麦 麵面 \
     齡龄 業业 東东 絲丝 兩两 嚴严 喪丧 豐丰 臨临 麼么 義义 烏乌 樂乐 喬乔 習习 書书 亂乱 爭争 虧亏 雲云 亞亚 產产 畝亩 褻亵 億亿 僅仅 \
     從从 倉仓 儀仪 價价 眾众 優优 夥伙 傘伞 偉伟 傳传 傷伤 倫伦 僞伪 佇伫 餘余 佛佛 儘尽 盡尽 兒儿 兌兑 內内 岡冈 冊册 寫写 農农 衝冲 \
     決决 況况 凍冻 淨净 涼凉 減减 幾几 鳳凤 憑凭 凱凯 擊击 鑿凿 劃划 劉刘 則则 剛刚 創创 刪删 劑剂 劍剑 勸劝 務务 動动 勵励 勁劲 勞劳 \
     勢势 勝胜 區区 協协 單单 佔占 盧卢 衛卫 卻却 廠厂 廳厅 歷历 曆历 厲厉 壓压 厭厌 縣县 參参 敘叙 臺台 颱台 葉叶 嘆叹 嚇吓 嗎吗 員员 \
     聽听 啟启 吳吴 嘗尝 囑嘱 團团 園园 圍围 圖图 圓圆 聖圣 場场 壞坏 塊块 堅坚 壇坛 墳坟 墜坠 壟垄 壘垒 墾垦 塵尘 牆墙 壯壮 聲声 殼壳 \
     壺壶 備备 夠够 夾夹 奪夺 奮奋 獎奖 婦妇 媽妈 嬰婴 孫孙 寧宁 寶宝 實实 審审 憲宪 宮宫 寬宽 寢寝 尋寻 導导 壽寿 將将 爾尔 塵尘 堯尧 \
     層层 屬属 嶼屿 歲岁 豈岂 島岛 嶺岭 崗岗 峽峡 帥帅 師师 帳帐 帶带 幫帮 幹干 乾干 莊庄 慶庆 廬庐 庫库 應应 廟庙 廢废 廣广 異异 棄弃 \
     張张 彌弥 彎弯 彈弹 強强 歸归 當当 錄录 徹彻 徑径 憶忆 憂忧 懷怀 態态 總总 戀恋 惡恶 懸悬 驚惊 懼惧 慘惨 慣惯 戲戏 戰战 戶户 撲扑 \
     執执 擴扩 掃扫 揚扬 擾扰 撫抚 搶抢 報报 擔担 擬拟 擁拥 擇择 掛挂 揮挥 損损 換换 據据 擺摆 搖摇 敵敌 數数 斷断 無无 曬晒 曉晓 暈晕 \
     暫暂 術术 樸朴 機机 殺杀 權权 條条 楊杨 極极 構构 樞枢 棗枣 槍枪 樓楼 標标 棧栈 棟栋 欄栏 樹树 樣样 橋桥 檢检 歡欢 歐欧 殘残 殿殿 \
     畢毕 氣气 漢汉 湯汤 溝沟 滅灭 淚泪 潔洁 灑洒 澤泽 淺浅 濁浊 測测 濟济 渾浑 濃浓 濤涛 澗涧 漲涨 淵渊 漁渔 灣湾 濕湿 溫温 滿满 濱滨 \
     燈灯 災灾 爐炉 煙烟 燒烧 熱热 愛爱 爺爷 獅狮 獨独 獻献 獸兽 環环 現现 瑪玛 畫画 疊叠 瘋疯 癢痒 皺皱 盜盗 監监 蓋盖 盤盘 礦矿 碼码 \
     磚砖 確确 禮礼 禱祷 禍祸 種种 稱称 積积 穩稳 窮穷 竊窃 窗窗 競竞 筆笔 築筑 籃篮 籬篱 簡简 糧粮 緊紧 糾纠 紅红 約约 級级 紀纪 純纯 \
     紗纱 納纳 縱纵 紛纷 紙纸 紋纹 紡纺 線线 練练 組组 細细 織织 終终 紹绍 經经 結结 繞绕 繪绘 給给 絕绝 統统 絹绢 繼继 績绩 緒绪 續续 \
     維维 綿绵 綠绿 緣缘 編编 縫缝 縮缩 繁繁 纖纤 罷罢 羅罗 罰罚 聯联 聰聪 肅肃 腸肠 腳脚 臉脸 膽胆 脈脉 腦脑 舖铺 艦舰 豔艳 節节 蘆芦 \
     蘇苏 蘋苹 莖茎 薦荐 榮荣 藥药 蓮莲 獲获 瑩莹 營营 薩萨 蔣蒋 藍蓝 蟲虫 雖虽 蝦虾 蠟蜡 襲袭 襯衬 詢询 試试 詞词 誇夸 誰谁 調调 談谈 \
     謝谢 謂谓 證证 評评 負负 貢贡 責责 賢贤 敗败 賬账 貫贯 貼贴 貿贸 賀贺 賜赐 躍跃 軌轨 輝辉 輸输 轎轿 遲迟 邁迈 遷迁 遞递 遼辽 鄭郑 \
     醬酱 釀酿 針针 釘钉 鎮镇 鎖锁 鍋锅 鑽钻 閣阁 閩闽 闊阔 陝陕 隸隶 霊灵 韓韩 韻韵 頸颈 頻频 顆颗 飄飘 飲饮 餅饼 饒饶 駐驻 駕驾 騎骑 \
     騙骗 驅驱 鬱郁 鮮鲜 鯨鲸 鴨鸭 鵝鹅 鷹鹰 鹿鹿 崑昆 崙仑 滄沧 綺绮 嶄崭 徵征 註注 週周 鬆松 鬍胡 鬚须 誌志 鐵铁 鬼鬼 恆恒 峯峰 羣群";

/// The simplified form of a character; others as they are.
pub fn simplified(c: char) -> char {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let pair = |pair: &str| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        };
        PAIRS.split_whitespace().filter_map(pair).collect()
    });
    FORMS.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_a_pair_and_ends_where_it_should() {
        for pair in PAIRS.split_whitespace() {
            assert_eq!(pair.chars().count(), 2, "{pair}");
            let to = pair.chars().nth(1).unwrap();
            assert_eq!(simplified(to), to, "{pair}: a simplified character is no traditional one of another pair");
        }
        assert_eq!("歸仁臺灣".chars().map(simplified).collect::<String>(), "归仁台湾");
    }
}
